#include "engine/security_log.h"

#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace innkeeper::engine {
namespace {

using Topic = SecurityLog::Topic;

class SecurityLogTest : public ::testing::Test {
 protected:
  void warn(int times, Topic topic = Topic::cookie) {
    for (int i = 0; i < times; ++i) security.warn(topic, "line");
  }

  ManualClock clock;
  test::CapturedLog log;
  SecurityLog security{clock, log};
};

TEST_F(SecurityLogTest, CannotBeFloodedAndSaysWhatItLeftOut) {
  warn(1000);
  EXPECT_EQ(log.count(innkeeper::security_log), SecurityLog::most_a_minute);
  clock.advance(std::chrono::minutes(1));
  warn(1);
  EXPECT_EQ(log.count(innkeeper::security_log, "990 such lines before were left out"), 1);
  warn(1);
  EXPECT_EQ(log.count(innkeeper::security_log, "left out"), 1);
}

TEST_F(SecurityLogTest, HidesNoOtherTopicBehindAFlood) {
  warn(1000);
  warn(1, Topic::payload);
  EXPECT_EQ(log.count(innkeeper::security_log), SecurityLog::most_a_minute + 1);
}

TEST_F(SecurityLogTest, IsNotSilencedByAClockThatWasSetBack) {
  warn(1000);
  clock.advance(-std::chrono::hours(24));
  warn(1);
  EXPECT_EQ(log.count(innkeeper::security_log), SecurityLog::most_a_minute + 1);
}

}  // namespace
}  // namespace innkeeper::engine
