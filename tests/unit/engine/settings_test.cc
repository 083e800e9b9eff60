#include "engine/settings.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper::engine {
namespace {

Settings good() {
  Settings settings;
  settings.keys.secret_key = Secret("something secret");
  return settings;
}

// The message of the refusal, empty where there is none.
std::string refusal(const Settings& settings) {
  try {
    check(settings);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(Settings, AcceptsTheDefaultsWithASecretKey) { EXPECT_EQ(refusal(good()), ""); }

TEST(Settings, NamesTheSettingThatCannotBe) {
  const auto refused = [](auto change) {
    Settings settings = good();
    change(settings);
    return refusal(settings);
  };
  static constexpr Seconds for_ever{99'999'999'999};
  EXPECT_NE(refused([](auto& s) { s.expiry.idle_timeout = for_ever; }).find("IDLE_TIMEOUT must be"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.history_age = for_ever; }).find("HISTORY_AGE must be at most"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.keys.secret_key = Secret(); }).find("SECRET_KEY"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.expiry.cookie_age = Seconds(0); }).find("SESSION_COOKIE_AGE"),
            std::string::npos);
  EXPECT_NE(
      refused([](auto& s) { s.expiry.idle_timeout = Seconds(0); }).find("SESSION_IDLE_TIMEOUT"),
      std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.cache_age = Seconds(10); }).find("SESSION_CACHE_AGE"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.cache_namespace = "a b"; }).find("SESSION_CACHE_NAMESPACE"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.history_age = Seconds(1); }).find("SESSION_HISTORY_AGE"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s.backends.clear(); }).find("AUTHENTICATION_BACKENDS"),
            std::string::npos);
  for (const int iterations : {0, 10'000'001}) {
    EXPECT_NE(refused([=](auto& s) {
                s.passwords.pbkdf2_iterations = iterations;
              }).find("PASSWORD_ITERATIONS"),
              std::string::npos);
  }
  EXPECT_NE(refused([](auto& s) { s.feed_interval = std::chrono::milliseconds(1500); }), "");
}

}  // namespace
}  // namespace innkeeper::engine
