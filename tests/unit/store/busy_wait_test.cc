#include "store/sqlite/busy_wait.h"

#include <gtest/gtest.h>

namespace innkeeper::store::sqlite {
namespace {

using namespace std::chrono_literals;
const std::chrono::steady_clock::time_point start{1h};

// On a loaded machine a sleep of a millisecond takes several.
TEST(BusyWait, IsLimitedByTimeHoweverFewCallsFitIntoIt) {
  BusyWait wait(20ms);
  EXPECT_TRUE(wait.goes_on(0, start));
  EXPECT_TRUE(wait.goes_on(1, start + 19ms));
  EXPECT_FALSE(wait.goes_on(2, start + 20ms));
}

TEST(BusyWait, GoesOnHoweverManyCallsFitIntoIt) {
  BusyWait wait(20ms);
  for (int calls = 0; calls < 1000; ++calls) ASSERT_TRUE(wait.goes_on(calls, start)) << calls;
}

TEST(BusyWait, BeginsAnewWithEachLock) {
  BusyWait wait(20ms);
  EXPECT_TRUE(wait.goes_on(0, start));
  EXPECT_TRUE(wait.goes_on(0, start + 1h));
  EXPECT_TRUE(wait.goes_on(1, start + 1h + 19ms));
  EXPECT_FALSE(wait.goes_on(2, start + 1h + 20ms));
}

TEST(BusyWait, WithoutPatienceIsOverAtOnce) { EXPECT_FALSE(BusyWait(0ms).goes_on(0, start)); }

}  // namespace
}  // namespace innkeeper::store::sqlite
