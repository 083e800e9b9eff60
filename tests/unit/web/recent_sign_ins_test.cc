#include "web/auth/recent_sign_ins.h"

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

class RecentSignInsTest : public testing::Test {
 protected:
  session::SessionId fresh_id() { return session::SessionKey::issue(random).id(); }
  RecentSignIns::Form form(const std::string& token, const std::string& user = "1") {
    return {token, user, recent.arrive()};
  }

  ManualClock clock;
  SystemRandom random;
  RecentSignIns recent{clock};
  const session::SessionId one = fresh_id(), two = fresh_id(), three = fresh_id();
};

TEST_F(RecentSignInsTest, TheLaterOfOneFormSupersedesTheEarlier) {
  EXPECT_EQ(recent.note(form("a"), one), std::nullopt);
  const auto second = form("a");
  EXPECT_EQ(recent.earlier(second), one);
  EXPECT_EQ(recent.note(second, two), one);
  EXPECT_EQ(recent.note(form("a"), three), two);
}

TEST_F(RecentSignInsTest, TheOrderIsThatOfTheArrivals) {
  const auto first = form("a"), second = form("a");
  EXPECT_EQ(recent.note(second, two), std::nullopt);
  EXPECT_EQ(recent.earlier(first), std::nullopt);
  EXPECT_EQ(recent.note(first, one), one) << "its own goes";
  EXPECT_EQ(recent.note(form("a"), three), two);
}

TEST_F(RecentSignInsTest, AnotherFormOrUserIsAnotherMatter) {
  recent.note(form("a"), one);
  EXPECT_EQ(recent.note(form("b"), two), std::nullopt);
  EXPECT_EQ(recent.note(form("a", "2"), three), std::nullopt);
}

TEST_F(RecentSignInsTest, AMinuteLaterNothingIsKnown) {
  recent.note(form("a"), one);
  clock.advance(RecentSignIns::memory - Seconds(1));
  EXPECT_EQ(recent.earlier(form("a")), one);
  clock.advance(Seconds(1));
  EXPECT_EQ(recent.note(form("a"), two), std::nullopt);
}

TEST_F(RecentSignInsTest, AClockThatIsSetBackKeepsNothingLonger) {
  recent.note(form("a"), one);
  clock.advance(Seconds(-3600));
  EXPECT_EQ(recent.note(form("a"), two), std::nullopt);
}

TEST_F(RecentSignInsTest, OfVeryManyTheOldestAreForgotten) {
  recent.note(form("first"), one);
  recent.note(form("second"), two);
  for (std::size_t i = 2; i <= RecentSignIns::most; ++i) {
    recent.note(form(std::to_string(i)), three);
  }
  EXPECT_EQ(recent.earlier(form("first")), std::nullopt);
  EXPECT_EQ(recent.earlier(form("second")), two);
}

}  // namespace
}  // namespace innkeeper::web
