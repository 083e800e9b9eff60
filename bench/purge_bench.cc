// A purge of 1,000,000 expired sessions out of 2,000,000, beside a reader and a writer that note
// how long they wait.
//
// usage: purge_bench [ROWS]. Prints rows a second, the longest wait of an open and of a save while
// the purge runs, and how much the process grew. A plain program, since the purge can be run once
// only.
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "cache/lmdb/lmdb_cache.h"
#include "engine/engine.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::engine {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using SteadyClock = std::chrono::steady_clock;

// Resident memory of this process in KiB, and the highest it was.
long resident(const char* line) {
  std::ifstream status("/proc/self/status");
  for (std::string text; std::getline(status, text);) {
    if (text.starts_with(line)) return std::stol(text.substr(std::string(line).size() + 1));
  }
  return 0;
}

// Every other row has expired; the payload is as long as an ordinary one.
void fill(store::Connection& connection, std::int64_t rows) {
  connection.execute(
      "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?) "
      "INSERT INTO innkeeper_session (session_key, expire_date, created_at, updated_at, "
      "last_activity, session_data) "
      "SELECT printf('%08x%032x', (n * 2654435761) & 4294967295, n), "
      "strftime('%Y-%m-%d %H:%M:%S', n + CASE WHEN n % 2 THEN 1579046400 ELSE 3787000000 END, "
      "'unixepoch') || '.000000', "
      "'2020-01-01 00:00:00.000000', '2020-01-01 00:00:00.000000', "
      "strftime('%Y-%m-%d %H:%M:%S', 1577836800 + n, 'unixepoch') || '.000000', "
      "printf('%.*c', 400, 'x') FROM number",
      std::vector<store::Value>{rows});
}

// Repeats `what` until `stop`; the longest it took.
template <class What>
double longest(const std::atomic<bool>& stop, What what) {
  double worst = 0;
  while (!stop) {
    const auto began = SteadyClock::now();
    what();
    worst = std::max(worst, Milliseconds(SteadyClock::now() - began).count());
  }
  return worst;
}

int run(std::int64_t rows) {
  test::TemporaryFolder folder;
  const auto database = store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
  {
    const auto connection = database->connect(store::Access::write);
    store::migrate(*connection, Settings().users);
    fill(*connection, rows);
  }
  SystemClock clock;
  SystemRandom random;
  const auto cache = cache::lmdb::open({.directory = folder / "cache"}, clock, null_log());
  Settings settings;
  settings.keys.secret_key = Secret("a key for the purge");
  Engine book(settings, *database, cache.get(), clock, random, null_log());
  Session session;
  session.set("first", "1");
  book.save(session, {});
  const std::string cookie(session.key()->reveal());

  std::atomic<bool> stop{false};
  double longest_open = 0, longest_save = 0;
  std::thread reader([&] { longest_open = longest(stop, [&] { book.open(cookie); }); });
  std::thread writer([&] {
    longest_save = longest(stop, [&] {
      session.mark_modified();
      book.save(session, {});
    });
  });
  const long before = resident("VmRSS");
  const auto began = SteadyClock::now();
  const PurgeReport report = book.clear_expired({});
  const double seconds = Milliseconds(SteadyClock::now() - began).count() / 1000;
  stop = true;
  reader.join();
  writer.join();
  std::printf("purged %lld of %lld rows in %.1f s (%.0f a second), batches of %d\n",
              static_cast<long long>(report.sessions), static_cast<long long>(rows), seconds,
              static_cast<double>(report.sessions) / seconds, PurgeOptions().batch_size);
  std::printf("longest wait meanwhile: open %.1f ms, save %.1f ms\n", longest_open, longest_save);
  std::printf("resident memory: %ld KiB before, %ld KiB at its highest\n", before,
              resident("VmHWM"));
  return report.sessions == rows / 2 ? 0 : 1;
}

}  // namespace
}  // namespace innkeeper::engine

int main(int count, char** arguments) {
  return innkeeper::engine::run(count > 1 ? std::stoll(arguments[1]) : 2000000);
}
