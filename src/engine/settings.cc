#include "engine/settings.h"

#include <utility>

#include "base/error.h"
#include "engine/setting_bounds.h"
#include "user/password_format.h"

namespace innkeeper::engine {

namespace {

void require(bool holds, const char* message) {
  if (!holds) throw ConfigError(message);
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return !text.empty() && text.size() <= 64;
}

void check_users(const Settings& settings) {
  require(!settings.backends.empty(),
          "AUTHENTICATION_BACKENDS is empty: nobody could be signed in; name the site's, or leave "
          "the setting out");
  const auto iterations = settings.passwords.pbkdf2_iterations;
  require(
      iterations >= 1 && static_cast<std::uint64_t>(iterations) <= user::most_pbkdf2_iterations,
      "PASSWORD_ITERATIONS must be from 1 to 10,000,000: a hash of more is never computed, so it "
      "would lock its user out");
}

void check_longest(const Settings& settings) {
  const std::pair<const char*, std::optional<Seconds>> ages[] = {
      {"SESSION_COOKIE_AGE", settings.expiry.cookie_age},
      {"SESSION_IDLE_TIMEOUT", settings.expiry.idle_timeout},
      {"SESSION_ABSOLUTE_TIMEOUT", settings.expiry.absolute_timeout},
      {"SESSION_ACTIVITY_INTERVAL", settings.activity_interval},
      {"SESSION_CACHE_AGE", settings.cache_age},
      {"SESSION_HISTORY_AGE", settings.history_age},
  };
  for (const auto& [name, age] : ages) {
    if (age && *age > longest_age)
      throw ConfigError(std::string(name) + " must be at most 100 years (3155695200 seconds)");
  }
}

}  // namespace

void check(const Settings& settings) {
  using std::chrono::milliseconds;
  check_users(settings);
  check_longest(settings);
  require(!settings.keys.secret_key.empty(),
          "SECRET_KEY is empty: set the one that the site's sessions are signed with");
  require(settings.expiry.cookie_age > Seconds(0),
          "SESSION_COOKIE_AGE must be more than 0 seconds");
  require(!settings.expiry.idle_timeout || *settings.expiry.idle_timeout > Seconds(0),
          "SESSION_IDLE_TIMEOUT must be more than 0 seconds; leave it out for none");
  require(!settings.expiry.absolute_timeout || *settings.expiry.absolute_timeout > Seconds(0),
          "SESSION_ABSOLUTE_TIMEOUT must be more than 0 seconds; leave it out for none");
  require(settings.activity_interval >= Seconds(0),
          "SESSION_ACTIVITY_INTERVAL must not be negative");
  require(settings.history_age >= settings.feed_memory,
          "SESSION_HISTORY_AGE must be at least a minute: caches learn from the history what was "
          "ended");
  require(settings.cache_age > settings.longest_fill,
          "SESSION_CACHE_AGE must be over 10 seconds: a tombstone must outlive the slowest read");
  require(is_plain(settings.cache_namespace),
          "SESSION_CACHE_NAMESPACE must be 1 to 64 printable characters without spaces");
  require(settings.feed_interval > milliseconds(0) && settings.feed_interval <= milliseconds(1000),
          "the feed interval must be over 0 and at most 1000 milliseconds");
  require(settings.feed_memory > settings.longest_fill,
          "the feed's memory must outlive the slowest read");
}

}  // namespace innkeeper::engine
