// A guest book on a database file and a cache in memory, with a clock that stands still: what most
// engine tests need.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "codec/json.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/captured_log.h"
#include "tests/support/memory_cache.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::test {

inline engine::Settings test_settings() {
  engine::Settings settings;
  settings.keys.secret_key = Secret("a secret key for tests, long enough to look like one");
  settings.passwords.pbkdf2_iterations = 10;
  return settings;
}

inline engine::Client firefox_at(const char* address) {
  return {IpAddress::parse(address),
          "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ""};
}

class EngineFixture : public ::testing::Test {
 protected:
  EngineFixture() {
    const auto connection = database->connect(store::Access::write);
    store::migrate(*connection, engine::Settings().users);
  }

  // Another program on the same database and, unless told otherwise, the same cache.
  std::unique_ptr<engine::Engine> open_engine(cache::Cache* with,
                                              engine::Settings settings = test_settings()) {
    return std::make_unique<engine::Engine>(std::move(settings), *database, with, clock, random,
                                            log);
  }
  std::unique_ptr<engine::Engine> open_engine() { return open_engine(&cache); }

  // A saved visitor's session with one member.
  engine::Session new_session(engine::Engine& with, const std::string& name = "cart",
                              const std::string& json = "1") {
    engine::Session session;
    session.set(name, json);
    EXPECT_EQ(with.save(session, firefox_at("203.0.113.7")), engine::Saved::created);
    return session;
  }
  static std::string cookie_of(const engine::Session& session) {
    return std::string(session.key()->reveal());
  }

  // What an operator would type.
  std::int64_t sql(std::string_view statement, std::vector<store::Value> parameters = {}) {
    return database->connect(store::Access::write)->execute(statement, parameters);
  }
  store::Rows ask(std::string_view statement, std::vector<store::Value> parameters = {}) {
    return database->connect(store::Access::read)->query(statement, parameters);
  }
  std::int64_t ask_number(std::string_view statement, std::vector<store::Value> parameters = {}) {
    return store::as_integer(ask(statement, std::move(parameters)).at(0).at(0), "number");
  }

  TemporaryFolder folder;
  ManualClock clock;
  SeededRandom random;
  CapturedLog log;
  std::unique_ptr<store::Database> database =
      store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
  MemoryCache cache{clock};
};

}  // namespace innkeeper::test
