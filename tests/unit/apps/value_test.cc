#include "config/value.h"

#include <string>

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper::app {
namespace {

const Origin in_file{Source::file, "site.toml:7", "/etc/site/site.toml"};
const Origin in_environment{Source::environment, "INNKEEPER_X", {}};

// What the program takes, as `innkeeper settings` would print it.
std::string taken(std::string_view name, const RawValue& raw, const Origin& origin) {
  return display(convert(*find_setting(name), raw, origin));
}

const Setting& setting(std::string_view name) { return *find_setting(name); }

std::string refusal_of(const Setting& setting, const RawValue& raw, const Origin& origin) {
  try {
    convert(setting, raw, origin);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Value, SecondsOfAFileAreANumber) {
  EXPECT_EQ(taken("SESSION_COOKIE_AGE", std::int64_t{3600}, in_file), "3600");
}

TEST(Value, SecondsOfTheEnvironmentAreANumberInText) {
  EXPECT_EQ(taken("SESSION_COOKIE_AGE", "3600", in_environment), "3600");
}

TEST(Value, ANumberInQuotesIsAMistakeInAFile) {
  EXPECT_EQ(
      refusal_of(setting("SESSION_COOKIE_AGE"), "3600", in_file),
      "site.toml:7: SESSION_COOKIE_AGE wants whole seconds from 1 to 3155695200, not \"3600\"");
}

TEST(Value, ANumberBeyondItsLimitsIsRefused) {
  EXPECT_NE(refusal_of(setting("WORKERS"), std::int64_t{0}, in_file), "");
  EXPECT_NE(refusal_of(setting("WORKERS"), "99999999999999999999", in_environment), "");
  EXPECT_NE(refusal_of(setting("WORKERS"), "4x", in_environment), "");
}

TEST(Value, BytesTakeUnits) {
  EXPECT_EQ(taken("CACHE_SIZE", "64M", in_file), "67108864");
  EXPECT_EQ(taken("CACHE_SIZE", "2 GiB", in_environment), "2147483648");
  EXPECT_EQ(taken("CACHE_SIZE", std::int64_t{1 << 20}, in_file), "1048576");
}

TEST(Value, BytesThatOverflowOrHaveAnOddUnitAreRefused) {
  for (const char* text : {"9223372036854775807T", "64X", "64MM", "M", "-1M"}) {
    EXPECT_NE(refusal_of(setting("CACHE_SIZE"), text, in_environment), "") << text;
  }
}

TEST(Value, TheEnvironmentSaysYesInDjangosAndOtherWords) {
  for (const char* text : {"True", "true", "1", "yes", "ON"}) {
    EXPECT_EQ(taken("SESSION_COOKIE_SECURE", text, in_environment), "true") << text;
  }
  EXPECT_EQ(taken("SESSION_COOKIE_SECURE", "False", in_environment), "false");
  EXPECT_NE(refusal_of(setting("SESSION_COOKIE_SECURE"), "maybe", in_environment), "");
}

TEST(Value, SameSiteMayBeFalseAsInDjango) {
  EXPECT_EQ(taken("SESSION_COOKIE_SAMESITE", false, in_file), "false");
  EXPECT_NE(refusal_of(setting("SESSION_COOKIE_SAMESITE"), true, in_file), "");
  EXPECT_NE(refusal_of(setting("SESSION_COOKIE_SAMESITE"), "Lax|Strict", in_environment), "");
}

TEST(Value, AListIsSplitAtCommasInTheEnvironment) {
  EXPECT_EQ(taken("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,", in_environment),
            "127.0.0.1,10.0.0.0/8");
  EXPECT_EQ(taken("TRUSTED_PROXIES", "unix", in_environment), "unix");
}

TEST(Value, AProxyThatIsNoNetworkIsNamed) {
  const RawValue raw = std::vector<std::string>{"127.0.0.1", "10.0.0.0/33"};
  EXPECT_NE(refusal_of(setting("TRUSTED_PROXIES"), raw, in_file).find("not \"10.0.0.0/33\""),
            std::string::npos);
}

TEST(Value, AMistypedChoiceIsToldWithTheNearest) {
  EXPECT_EQ(taken("FORWARDED_HEADER", "Forwarded", in_file), "Forwarded");
  EXPECT_EQ(refusal_of(setting("FORWARDED_HEADER"), "x-forwarded-by", in_file),
            "site.toml:7: FORWARDED_HEADER wants one of X-Forwarded-For|Forwarded, not "
            "\"x-forwarded-by\". Did you mean X-Forwarded-For?");
  EXPECT_EQ(refusal_of(setting("FORWARDED_HEADER"), "X-Real-IP", in_file),
            "site.toml:7: FORWARDED_HEADER wants one of X-Forwarded-For|Forwarded, not "
            "\"X-Real-IP\"");
}

TEST(Value, ARelativePathInAFileStartsAtTheFile) {
  EXPECT_EQ(taken("DATABASE", "data/s.sqlite3", in_file), "/etc/site/data/s.sqlite3");
  EXPECT_EQ(taken("DATABASE", "data/s.sqlite3", in_environment), "data/s.sqlite3");
}

TEST(Value, AUrlAndAWordAreNoRelativePaths) {
  EXPECT_EQ(taken("DATABASE", "sqlite:///s", in_file), "sqlite:///s");
  EXPECT_EQ(taken("CACHE", "none", in_file), "none");
}

TEST(Value, ARefusedSecretIsNotShown) {
  const std::string refusal = refusal_of(setting("SECRET_KEY"), std::int64_t{987654321}, in_file);
  EXPECT_NE(refusal.find("site.toml:7: SECRET_KEY"), std::string::npos);
  EXPECT_EQ(refusal.find("987654321"), std::string::npos);
}

TEST(Value, ASecretIsDisplayedAsThereOrNotThere) {
  EXPECT_EQ(display(Secret("hush")), "(set, not shown)");
  EXPECT_EQ(display(Secret()), "");
}

}  // namespace
}  // namespace innkeeper::app
