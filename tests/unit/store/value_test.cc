#include "store/value.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper::store {
namespace {

using namespace std::chrono_literals;

const Time new_year = std::chrono::sys_days(std::chrono::year(2030) / 1 / 2);

TEST(SqliteTime, AlwaysHasSixDigits) {
  EXPECT_EQ(sqlite_time(new_year), "2030-01-02 00:00:00.000000");
  EXPECT_EQ(sqlite_time(new_year + 3h + 4min + 5s + 678901us), "2030-01-02 03:04:05.678901");
}

TEST(SqliteTime, GoesBackBefore1970) {
  EXPECT_EQ(sqlite_time(Time{} - 1us), "1969-12-31 23:59:59.999999");
}

TEST(AsTime, ReadsEveryFormThatDatabasesGive) {
  const Time moment = new_year + 3h + 4min + 5s;
  const auto read = [](const char* text) { return as_time(std::string(text), "at"); };
  EXPECT_EQ(read("2030-01-02 03:04:05"), moment);
  EXPECT_EQ(read("2030-01-02 03:04:05.678901"), moment + 678901us);
  EXPECT_EQ(read("2030-01-02 03:04:05.5"), moment + 500ms);
  EXPECT_EQ(read("2030-01-02T03:04:05Z"), moment);
  EXPECT_EQ(read("2030-01-02 03:04:05+00"), moment);
  EXPECT_EQ(read("2030-01-02 05:34:05.000001+02:30"), moment + 1us);
  EXPECT_EQ(read("2030-01-01 23:04:05-0400"), moment);
  EXPECT_EQ(as_time(moment, "at"), moment);
}

TEST(AsTime, RefusesWhatIsNone) {
  for (const char* text :
       {"", "2030-01-02", "2030-13-02 03:04:05", "2030-02-30 03:04:05", "2030-01-02 24:00:00",
        "2030-01-02 03:04:05.", "2030-01-02 03:04:05.1234567", "2030-01-02 03:04:05 ",
        "2030-01-02 03:04:05+0", "2030-01-02 03:04:05+99:9"}) {
    EXPECT_THROW(as_time(std::string(text), "at"), StoreError) << text;
  }
  EXPECT_THROW(as_time(Null{}, "at"), StoreError);
  EXPECT_THROW(as_time(std::int64_t{1}, "at"), StoreError);
}

TEST(AsTime, NamesTheColumnAndNotTheValue) {
  try {
    as_time(std::string("secret"), "expire_date");
    FAIL();
  } catch (const StoreError& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.kind(), StoreError::Kind::corrupt);
    EXPECT_NE(message.find("expire_date"), std::string::npos);
    EXPECT_EQ(message.find("secret"), std::string::npos);
  }
}

TEST(AsInteger, ReadsNumbersAndTheirText) {
  EXPECT_EQ(as_integer(std::int64_t{-7}, "n"), -7);
  EXPECT_EQ(as_integer(std::string("42"), "n"), 42);
  EXPECT_EQ(as_integer(true, "n"), 1);
  EXPECT_THROW(as_integer(std::string("42x"), "n"), StoreError);
  EXPECT_THROW(as_integer(Null{}, "n"), StoreError);
}

TEST(AsIp, TakesJunkForNothing) {
  EXPECT_EQ(as_ip(std::string("192.0.2.1"), "ip"), IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(as_ip(std::string("192.0.2.1/32"), "ip"), IpAddress::parse("192.0.2.1"));
  EXPECT_FALSE(as_ip(std::string("1.2.3.4:5678"), "ip"));
  EXPECT_FALSE(as_ip(Null{}, "ip"));
}

TEST(AsBool, ReadsEveryFormThatDatabasesGive) {
  EXPECT_TRUE(as_bool(std::int64_t{1}, "b"));
  EXPECT_FALSE(as_bool(std::int64_t{0}, "b"));
  EXPECT_TRUE(as_bool(std::string("t"), "b"));
  EXPECT_FALSE(as_bool(std::string("f"), "b"));
  EXPECT_THROW(as_bool(std::string("maybe"), "b"), StoreError);
}

}  // namespace
}  // namespace innkeeper::store
