// How a book is kept: where, with which secret, and when a session ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <innkeeper/secret.h>

namespace innkeeper {

// What the users' primary keys are; a site's user table decides it once, when its database is made.
enum class UserKeys {
  integers,  // Django's default
  uuids,     // "6f1c1c36-6a0a-4a5e-9a67-0d1d6d1d2e3f"
  texts,
};

// A plain value for a Book's constructor; designated initialisers read best. Names and defaults are
// those of Django's settings where it has them, so that a Django site and a program can share one
// book: one with Django's own user table and its ModelBackend. Other backends and tables the
// program `innkeeper` can be told of, this library not yet.
//
// A relative path starts at the working directory in which the book is made.
struct Options {
  // SECRET_KEY: signs what is stored. Must not be empty. Whoever has it can forge sessions.
  Secret secret_key = {};
  // SECRET_KEY_FALLBACKS: earlier keys, newest first, whose signatures are still taken.
  std::vector<Secret> secret_key_fallbacks = {};
  // The salt of the signatures; "django_user_sessions_ng.SessionStore" for a site that came from
  // there.
  std::string salt = "django.contrib.sessions.SessionStore";

  // The SQLite file. It is made, with its tables, where it is missing; an older book is brought up
  // to date.
  std::filesystem::path database = {};
  // The folder of the cache that all processes of this machine share; empty: every look goes to the
  // database.
  std::filesystem::path cache = {};
  // SESSION_FEED_SAVES: every save is told to all caches of the database within a second, not to
  // `cache` alone; for several programs with a cache each. A save then takes three statements.
  bool feed_saves = false;
  // The cache's file never grows beyond; what expires first is evicted. At least 1 MiB, less counts
  // as that. One session may have a 16th of it, 1 MiB at most; a larger one is read from the
  // database. The first book of a process to open a folder decides.
  std::size_t cache_bytes = 256u << 20;
  // How long to wait for another process that writes, before StoreError (locked).
  std::chrono::milliseconds busy_timeout{5000};

  UserKeys user_keys = UserKeys::integers;

  // SESSION_COOKIE_AGE: how long a session lives after it was last saved.
  std::chrono::seconds cookie_age{1209600};
  // SESSION_EXPIRE_AT_BROWSER_CLOSE: the cookie gets no Max-Age.
  bool expire_at_browser_close = false;
  // A session ends so long after it was last used, and so long after it began, where set.
  std::optional<std::chrono::seconds> idle_timeout = {};
  std::optional<std::chrono::seconds> absolute_timeout = {};
  // The moment of last use is written at most so often (a quarter of idle_timeout where that is
  // less).
  std::chrono::seconds activity_interval{60};

  // An MMDB file or a folder of them, for SessionInfo::place; empty: places are not known.
  std::filesystem::path geoip = {};

  // Called for each line of the log, from any thread, maybe from several at once; must not throw.
  // The channel is "innkeeper" or "innkeeper.security" (a bad signature, a forged entry). No line
  // holds a key, a cookie or a secret.
  std::function<void(std::string_view channel, std::string_view line)> log = {};
};

}  // namespace innkeeper
