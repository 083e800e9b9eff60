#include "web/time_text.h"

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

using namespace std::chrono;

const Time now = sys_days(year(2029) / 3 / 14) + 9h + 5min + 7s;

TEST(RelativeTime, SaysHowLongAgo) {
  EXPECT_EQ(relative_time(now, now), "just now");
  EXPECT_EQ(relative_time(now - 59s, now), "just now");
  EXPECT_EQ(relative_time(now - 1min, now), "1 minute ago");
  EXPECT_EQ(relative_time(now - 59min, now), "59 minutes ago");
  EXPECT_EQ(relative_time(now - 2h, now), "2 hours ago");
  EXPECT_EQ(relative_time(now - 25h, now), "yesterday");
  EXPECT_EQ(relative_time(now - days(12), now), "12 days ago");
  EXPECT_EQ(relative_time(now - days(60), now), "13 Jan 2029");
}

TEST(RelativeTime, SaysHowSoon) {
  EXPECT_EQ(relative_time(now + 30s, now), "in a moment");
  EXPECT_EQ(relative_time(now + 3h, now), "in 3 hours");
  EXPECT_EQ(relative_time(now + days(13) + 1h, now), "in 13 days");
  EXPECT_EQ(relative_time(now + days(14) - 3s, now), "in 14 days");
  EXPECT_EQ(relative_time(now + days(400), now), "18 Apr 2030");
}

TEST(AbsoluteTime, NamesItsZone) { EXPECT_EQ(absolute_time(now), "14 Mar 2029, 09:05 UTC"); }

TEST(MachineTime, IsIso8601) { EXPECT_EQ(machine_time(now), "2029-03-14T09:05:07Z"); }

}  // namespace
}  // namespace innkeeper::web
