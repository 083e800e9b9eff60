#include "device/memory.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

std::shared_ptr<const Device> device(std::string family) {
  auto made = std::make_shared<Device>();
  made->browser.family = std::move(family);
  return made;
}

TEST(Memory, GivesTheSameResultAgain) {
  const Memory memory(10);
  const auto kept = device("a");
  memory.keep("text", "hints", kept);
  EXPECT_EQ(memory.find("text", "hints"), kept);
}

TEST(Memory, TellsTextFromHints) {
  const Memory memory(10);
  memory.keep("ab", "c", device("1"));
  EXPECT_EQ(memory.find("a", "bc"), nullptr);
  EXPECT_EQ(memory.find("abc", ""), nullptr);
  EXPECT_EQ(memory.find("ab", ""), nullptr);
}

TEST(Memory, ForgetsTheLeastRecentlyUsedFirst) {
  const Memory memory(2);
  memory.keep("a", "", device("a"));
  memory.keep("b", "", device("b"));
  memory.find("a", "");
  memory.keep("c", "", device("c"));
  EXPECT_NE(memory.find("a", ""), nullptr);
  EXPECT_EQ(memory.find("b", ""), nullptr);
  EXPECT_NE(memory.find("c", ""), nullptr);
}

TEST(Memory, NeverHoldsMoreThanItMay) {
  const Memory memory(1000);
  for (int i = 0; i < 5000; ++i) memory.keep(std::to_string(i), "", device("x"));
  EXPECT_LE(memory.size(), 1000u);
  EXPECT_GT(memory.size(), 900u);
}

TEST(Memory, OfNothingRemembersNothing) {
  const Memory memory(0);
  memory.keep("a", "", device("a"));
  EXPECT_EQ(memory.find("a", ""), nullptr);
}

TEST(Memory, OutlivesTheTextsItWasGiven) {
  const Memory memory(10);
  {
    std::string text(200, 't');
    memory.keep(text, "", device("a"));
    text.assign(200, 'u');
  }
  EXPECT_NE(memory.find(std::string(200, 't'), ""), nullptr);
}

TEST(Memory, MayBeUsedByManyThreadsAtOnce) {
  const Memory memory(100);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&memory, thread] {
      for (int i = 0; i < 2000; ++i) {
        const std::string text = std::to_string((i * 7 + thread) % 300);
        if (const auto found = memory.find(text, "")) {
          EXPECT_EQ(found->browser.family, text);
        } else {
          memory.keep(text, "", device(text));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(memory.size(), 100u);
}

}  // namespace
}  // namespace innkeeper::device
