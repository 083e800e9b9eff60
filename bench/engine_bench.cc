// What a request pays: a session through the embedded cache, from SQLite, saved and touched; and a
// purge beside readers.
//
// A session holds what findings call an ordinary payload: who is signed in and a small cart, about
// 300 bytes of JSON.
#include <cstdlib>
#include <thread>

#include <benchmark/benchmark.h>

#include "cache/lmdb/lmdb_cache.h"
#include "codec/json.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::engine {
namespace {

Settings bench_settings() {
  Settings settings;
  settings.keys.secret_key = Secret("a secret key for benchmarks, long enough to look like one");
  return settings;
}

// One site on a file of its own, with a thousand signed-in sessions.
struct Site {
  test::TemporaryFolder folder;
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<store::Database> database =
      store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
  std::unique_ptr<cache::Cache> cache =
      cache::lmdb::open({.directory = folder / "cache"}, clock, null_log());
  std::unique_ptr<Engine> book, book_without_cache;
  std::vector<std::string> cookies;

  Site() {
    store::migrate(*database->connect(store::Access::write), Settings().users);
    database->connect(store::Access::write)
        ->execute(
            "INSERT INTO auth_user (id, password, is_superuser, username, last_name, email, "
            "is_staff, is_active, "
            "date_joined, first_name) VALUES (1, '!', 0, 'ada', '', '', 0, 1, '2026-01-01 "
            "00:00:00', '')",
            {});
    book = std::make_unique<Engine>(bench_settings(), *database, cache.get(), clock, random,
                                    null_log());
    book_without_cache =
        std::make_unique<Engine>(bench_settings(), *database, nullptr, clock, random, null_log());
    for (int i = 0; i < 1000; ++i) cookies.push_back(new_cookie());
  }
  std::string new_cookie() {
    Session session;
    session.set("_auth_user_id", "\"1\"");
    session.set("_auth_user_backend", "\"django.contrib.auth.backends.ModelBackend\"");
    session.set("_auth_user_hash", '"' + std::string(64, 'a') + '"');
    session.set(
        "cart",
        R"([{"article":1234,"count":2},{"article":77,"count":1},{"article":9001,"count":5}])");
    session.set("csrf", '"' + std::string(32, 'b') + '"');
    book->save(session,
               {IpAddress::parse("203.0.113.7"),
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ""});
    return std::string(session.key()->reveal());
  }
};

Site& site() {
  static Site one;
  return one;
}

void open_each(benchmark::State& state, Engine& book) {
  const auto& cookies = site().cookies;
  std::size_t next = 0;
  for (auto _ : state) {
    const Session session = book.open(cookies[next++ % cookies.size()]);
    if (!session.exists()) state.SkipWithError("a session is missing");
    benchmark::DoNotOptimize(session);
  }
}

void load_through_the_cache(benchmark::State& state) {
  for (const auto& cookie : site().cookies) site().book->open(cookie);
  open_each(state, *site().book);
}
BENCHMARK(load_through_the_cache)->Repetitions(5)->ReportAggregatesOnly();

void load_from_sqlite(benchmark::State& state) { open_each(state, *site().book_without_cache); }
BENCHMARK(load_from_sqlite)->Repetitions(5)->ReportAggregatesOnly();

void save(benchmark::State& state) {
  Session session = site().book->open(site().cookies[0]);
  std::int64_t number = 0;
  for (auto _ : state) {
    session.set("number", codec::json_integer(number++));
    site().book->save(session, {});
  }
}
BENCHMARK(save)->Repetitions(3)->ReportAggregatesOnly();

void create(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(site().new_cookie());
}
BENCHMARK(create)->Repetitions(3)->ReportAggregatesOnly();

void revoke(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const auto id = SessionKey::parse(site().new_cookie())->id();
    state.ResumeTiming();
    site().book->revoke(id, {.actor = "bench"});
  }
}
BENCHMARK(revoke)->Iterations(2000);

}  // namespace
}  // namespace innkeeper::engine
