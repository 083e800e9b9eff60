#include "session/expiry.h"

#include <string>

#include <gtest/gtest.h>

namespace innkeeper::session {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr Time now{sys_days(year(2030) / 6 / 1)};
constexpr Seconds two_weeks{1209600};

PayloadExpiry expiry(std::string value, const ExpiryPolicy& policy = {}) {
  return payload_expiry({{"_session_expiry", std::move(value)}}, policy, now);
}

TEST(PayloadExpiry, IsTheCookiesAgeWhereThePayloadAsksForNothing) {
  const PayloadExpiry result = payload_expiry({{"a", "1"}}, {}, now);
  EXPECT_EQ(result.expire_date, now + two_weeks);
  EXPECT_FALSE(result.at_browser_close);
}

TEST(PayloadExpiry, FollowsTheSettingForTheBrowsersClosing) {
  ExpiryPolicy policy;
  policy.cookie_age = Seconds(60);
  policy.expire_at_browser_close = true;
  const PayloadExpiry result = payload_expiry({}, policy, now);
  EXPECT_EQ(result.expire_date, now + Seconds(60));
  EXPECT_TRUE(result.at_browser_close);
  EXPECT_FALSE(expiry("300", policy).at_browser_close);
}

TEST(PayloadExpiry, TakesSeconds) {
  EXPECT_EQ(expiry("300").expire_date, now + Seconds(300));
  EXPECT_EQ(expiry("-300").expire_date, now - Seconds(300));
  EXPECT_EQ(expiry("1.5").expire_date, now + Duration(1'500'000));
  EXPECT_FALSE(expiry("300").at_browser_close);
}

TEST(PayloadExpiry, TakesZeroAsUntilTheBrowserCloses) {
  for (const char* zero : {"0", "-0", "0.0"}) {
    EXPECT_TRUE(expiry(zero).at_browser_close);
    EXPECT_EQ(expiry(zero).expire_date, now + two_weeks);
  }
}

TEST(PayloadExpiry, TakesAnIsoDate) {
  const PayloadExpiry result = expiry("\"2030-01-02T03:04:05.678901+00:00\"");
  EXPECT_EQ(iso_time(result.expire_date), "2030-01-02T03:04:05.678901+00:00");
  EXPECT_FALSE(result.at_browser_close);
}

TEST(PayloadExpiry, CountsAnythingElseAsAbsent) {
  for (const char* value : {"null", "true", "\"\"", "\"soon\"", "\"300\"", "[300]", "{}", "NaN",
                            "Infinity", "\"", "", "1e999", "2030-01-02"}) {
    EXPECT_EQ(expiry(value).expire_date, now + two_weeks) << value;
    EXPECT_FALSE(expiry(value).at_browser_close) << value;
  }
}

TEST(PayloadExpiry, StaysWithinTheCalendar) {
  for (const char* value : {"1000000000000", "9223372036854775807", "1e300",
                            "123456789012345678901234567890", "\"9999-12-31T23:59:59-23:00\""}) {
    EXPECT_EQ(iso_time(expiry(value).expire_date), "9999-12-31T23:59:59.999999+00:00") << value;
  }
  for (const char* value : {"-1000000000000", "-9223372036854775808", "-1e300"}) {
    EXPECT_EQ(iso_time(expiry(value).expire_date), "0001-01-01T00:00:00+00:00") << value;
  }
  ExpiryPolicy endless;
  endless.cookie_age = Seconds::max();
  EXPECT_EQ(iso_time(payload_expiry({}, endless, now).expire_date),
            "9999-12-31T23:59:59.999999+00:00");
}

TEST(EndsAt, IsTheExpiryDateWithoutTimeouts) {
  EXPECT_EQ(ends_at(now, now - two_weeks, now - two_weeks, {}), now);
}

TEST(EndsAt, IsTheEarliestOfAllThree) {
  ExpiryPolicy policy;
  policy.idle_timeout = Seconds(100);
  policy.absolute_timeout = Seconds(1000);
  const Time created = now, far = now + two_weeks;
  EXPECT_EQ(ends_at(far, now, created, policy), now + Seconds(100));
  EXPECT_EQ(ends_at(far, now + Seconds(500), created, policy), now + Seconds(600));
  EXPECT_EQ(ends_at(far, now + Seconds(950), created, policy), now + Seconds(1000));
  EXPECT_EQ(ends_at(now + Seconds(50), now, created, policy), now + Seconds(50));
}

TEST(EndsAt, TakesTimeoutsOfAnyLength) {
  ExpiryPolicy policy;
  policy.idle_timeout = Seconds::max();
  policy.absolute_timeout = Seconds::max();
  EXPECT_EQ(ends_at(now, now, now, policy), now);
}

}  // namespace
}  // namespace innkeeper::session
