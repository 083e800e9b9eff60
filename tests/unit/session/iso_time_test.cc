#include <string>

#include <gtest/gtest.h>

#include "session/expiry.h"

namespace innkeeper::session {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr Time new_year_2030{sys_days(year(2030) / 1 / 1)};

TEST(ParseIsoTime, ReadsWhatPythonWrites) {
  EXPECT_EQ(parse_iso_time("2030-01-01T00:00:00"), new_year_2030);
  EXPECT_EQ(parse_iso_time("2030-01-01T00:00:00+00:00"), new_year_2030);
  EXPECT_EQ(parse_iso_time("2030-01-01T01:02:03.678901+00:00"),
            new_year_2030 + std::chrono::hours(1) + std::chrono::minutes(2) + Seconds(3) +
                Duration(678'901));
}

TEST(ParseIsoTime, AppliesOffsets) {
  EXPECT_EQ(parse_iso_time("2030-01-01T03:30:00+03:30"), new_year_2030);
  EXPECT_EQ(parse_iso_time("2029-12-31T19:00:00-05:00"), new_year_2030);
  EXPECT_EQ(parse_iso_time("2030-01-01T00:00:01.5+00:00:01.500000"), new_year_2030);
}

TEST(ParseIsoTime, UnderstandsOtherCommonSpellings) {
  EXPECT_EQ(parse_iso_time("2030-01-01 00:00:00Z"), new_year_2030);
  EXPECT_EQ(parse_iso_time("2030-01-01T00:00:00.5"), new_year_2030 + Duration(500'000));
  EXPECT_EQ(parse_iso_time("2030-01-01T00:00:00.000001999"), new_year_2030 + Duration(1));
}

TEST(ParseIsoTime, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2030",
                           "2030-01-01",
                           "2030-01-01T",
                           "2030-01-01T00:00",
                           "2030-13-01T00:00:00",
                           "2030-02-29T00:00:00",
                           "2030-01-01T24:00:00",
                           "2030-01-01T00:60:00",
                           "2030-01-01T00:00:60",
                           "0000-01-01T00:00:00",
                           "2030-1-1T00:00:00",
                           "+030-01-01T00:00:00",
                           "2030-01-01T00:00:00.",
                           "2030-01-01T00:00:00.1234567890",
                           "2030-01-01T00:00:00+",
                           "2030-01-01T00:00:00+1",
                           "2030-01-01T00:00:00+24:00",
                           "2030-01-01T00:00:00Zx",
                           "2030-01-01T00:00:00 ",
                           " 2030-01-01T00:00:00",
                           "2030-01-01T-1:00:00",
                           "20300101T000000",
                           "tomorrow"}) {
    EXPECT_FALSE(parse_iso_time(text)) << text;
  }
}

TEST(ParseIsoTime, KnowsLeapYears) {
  EXPECT_TRUE(parse_iso_time("2032-02-29T00:00:00"));
  EXPECT_FALSE(parse_iso_time("2100-02-29T00:00:00"));
}

TEST(IsoTime, WritesAsPythonDoes) {
  EXPECT_EQ(iso_time(new_year_2030), "2030-01-01T00:00:00+00:00");
  EXPECT_EQ(iso_time(new_year_2030 + Duration(42)), "2030-01-01T00:00:00.000042+00:00");
  EXPECT_EQ(iso_time(Time(Duration(-1))), "1969-12-31T23:59:59.999999+00:00");
  EXPECT_EQ(iso_time(Time(sys_days(year(1) / 1 / 1))), "0001-01-01T00:00:00+00:00");
}

TEST(IsoTime, IsReadAgain) {
  for (std::int64_t i = -1000; i < 1000; ++i) {
    const Time time{Duration(i * 31'556'952'123'457)};
    ASSERT_EQ(parse_iso_time(iso_time(time)), time) << iso_time(time);
  }
}

}  // namespace
}  // namespace innkeeper::session
