#include "device/pattern.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

TEST(Pattern, GivesItsGroups) {
  const Pattern pattern("(Chrome)/(\\d+)(?:\\.(\\d+)|)", false);
  Groups groups;
  ASSERT_TRUE(pattern.search("x Chrome/118 y", groups));
  EXPECT_EQ(groups[0], "Chrome/118");
  EXPECT_EQ(groups[1], "Chrome");
  EXPECT_EQ(groups[2], "118");
  EXPECT_EQ(groups[3], "");
  EXPECT_EQ(groups[9], "");
}

TEST(Pattern, MindsTheCaseUnlessToldOtherwise) {
  Groups groups;
  EXPECT_FALSE(Pattern("bot", false).search("BOT", groups));
  EXPECT_TRUE(Pattern("bot", true).search("BOT", groups));
}

TEST(Pattern, WithMoreGroupsThanReplacementsCanNameStillMatches) {
  const Pattern pattern("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", false);
  Groups groups;
  ASSERT_TRUE(pattern.search("abcdefghijk", groups));
  EXPECT_EQ(groups[9], "i");
}

// Backtracking tries 2^40 ways to split the text; an engine without a limit would never come back.
TEST(Pattern, ThatBacktracksForEverIsDecidedByTheLinearEngine) {
  const Pattern pattern("^((a+)+)(b)?$", false);
  Groups groups;
  const std::string hopeless = std::string(40, 'a') + "!";
  EXPECT_FALSE(pattern.search(hopeless, groups));
}

TEST(Pattern, DecidedByTheLinearEngineGivesTheSameGroups) {
  const Pattern pattern("^(?:(?:a+)+!|)(a+)!(b)(c)?$", false);
  Groups groups;
  const std::string slow = std::string(40, 'a') + "!b";
  ASSERT_TRUE(pattern.search(slow, groups));
  EXPECT_EQ(groups[1], std::string(40, 'a'));
  EXPECT_EQ(groups[2], "b");
  EXPECT_EQ(groups[3], "");
}

TEST(Pattern, TellsWhatIsWrongWithIt) {
  EXPECT_EQ(Pattern("fine", false).fault(), "");
  EXPECT_NE(Pattern("(unclosed", false).fault(), "");
}

TEST(Pattern, MayBeSearchedFirstByManyThreads) {
  const Pattern pattern("(\\w+)/(\\d+)", false);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&pattern] {
      Groups groups;
      for (int round = 0; round < 100; ++round) {
        EXPECT_TRUE(pattern.search("curl/8", groups));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace innkeeper::device
