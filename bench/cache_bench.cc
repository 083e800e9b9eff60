// The embedded cache at 200,000 entries of 600 bytes, the sealing of an entry, and a table in
// SQLite as the rival.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include "base/digest.h"
#include "cache/entry.h"
#include "cache/lmdb/lmdb_cache.h"

namespace {

using namespace innkeeper;
using namespace innkeeper::cache;

constexpr std::size_t entries = 200000;
constexpr std::size_t value_size = 600;
constexpr Seconds two_weeks = std::chrono::hours(24 * 14);

std::string name(std::size_t i) {
  return "innkeeper:s:" + to_hex(as_text(sha256(std::to_string(i)))).substr(0, 40);
}

// All names in an order that no page cache foresees.
const std::vector<std::string>& names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < entries; ++i) made.push_back(name(i));
    std::shuffle(made.begin(), made.end(), std::mt19937(1));
    return made;
  }();
  return all;
}

std::filesystem::path scratch() {
  static const struct Scratch {
    Scratch() {
      std::string pattern =
          (std::filesystem::temp_directory_path() / "innkeeper-bench-XXXXXX").string();
      if (!::mkdtemp(pattern.data())) std::abort();
      path = pattern;
    }
    ~Scratch() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
  } directory;
  return directory.path;
}

Cache& full_cache() {
  static const SystemClock clock;
  static const std::unique_ptr<Cache> cache = [] {
    auto made = lmdb::open({scratch() / "lmdb", std::size_t{512} << 20}, clock, null_log());
    for (const std::string& key : names()) made->set(key, std::string(value_size, 'x'), two_weeks);
    for (const std::string& key : names())
      made->get(key);  // so that the kernel has mapped every page
    return made;
  }();
  return *cache;
}

void lmdb_get(benchmark::State& state) {
  Cache& cache = full_cache();
  std::size_t i = static_cast<std::size_t>(state.thread_index()) * 7919;
  for (auto _ : state) benchmark::DoNotOptimize(cache.get(names()[++i % entries]));
}
BENCHMARK(lmdb_get)->Threads(1)->Threads(2)->UseRealTime();

void lmdb_get_absent(benchmark::State& state) {
  Cache& cache = full_cache();
  const std::string absent = name(entries + 1);
  for (auto _ : state) benchmark::DoNotOptimize(cache.get(absent));
}
BENCHMARK(lmdb_get_absent);

void lmdb_set(benchmark::State& state) {
  Cache& cache = full_cache();
  const std::string value(value_size, 'y');
  std::size_t i = 0;
  for (auto _ : state) cache.set(names()[++i % entries], value, two_weeks);
}
BENCHMARK(lmdb_set);

void lmdb_set_unless_newer(benchmark::State& state) {
  Cache& cache = full_cache();
  const std::string value(value_size, 'z');
  std::size_t i = 0;
  for (auto _ : state) cache.set_unless_newer(names()[++i % entries], value, two_weeks);
}
BENCHMARK(lmdb_set_unless_newer);

// A full cache: every put evicts.
void lmdb_set_when_full(benchmark::State& state) {
  const SystemClock clock;
  const auto cache = lmdb::open({scratch() / "full", std::size_t{32} << 20}, clock, null_log());
  const std::string value(value_size, 'y');
  for (const std::string& key : names()) cache->set(key, value, two_weeks);
  std::size_t i = 0;
  for (auto _ : state) cache->set(names()[++i % entries], value, two_weeks);
}
BENCHMARK(lmdb_set_when_full);

// What another process pays that opens a cache which somebody has open, and the first, who reads
// every page.
void lmdb_open(benchmark::State& state) {
  full_cache();
  const SystemClock clock;
  const auto copy = scratch() / "copy";
  std::filesystem::copy(
      scratch() / "lmdb", copy,
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  for (auto _ : state) lmdb::open({copy, std::size_t{512} << 20}, clock, null_log());
}
BENCHMARK(lmdb_open)->Unit(benchmark::kMillisecond);

void check(int code, int expected = SQLITE_OK) {
  if (code != expected) std::abort();
}

// WITHOUT ROWID, WAL, one transaction open for reading between the gets: SQLite at its best.
void sqlite_get(benchmark::State& state) {
  sqlite3* database = nullptr;
  check(sqlite3_open((scratch() / "cache.sqlite3").c_str(), &database));
  check(sqlite3_exec(database,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA mmap_size=1000000000;"
                     "CREATE TABLE IF NOT EXISTS cache(key TEXT PRIMARY KEY, expires INTEGER, "
                     "value BLOB) WITHOUT ROWID; BEGIN",
                     nullptr, nullptr, nullptr));
  sqlite3_stmt *put = nullptr, *get = nullptr;
  check(sqlite3_prepare_v2(database, "REPLACE INTO cache VALUES (?, 9, ?)", -1, &put, nullptr));
  const std::string value(value_size, 'x');
  for (const std::string& key : names()) {
    sqlite3_bind_text(put, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob(put, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    check(sqlite3_step(put), SQLITE_DONE);
    sqlite3_reset(put);
  }
  sqlite3_finalize(put);
  check(sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr));
  check(sqlite3_prepare_v2(database, "SELECT value FROM cache WHERE key = ? AND expires > ?", -1,
                           &get, nullptr));
  std::size_t i = 0;
  for (auto _ : state) {
    const std::string& key = names()[++i % entries];
    sqlite3_bind_text(get, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_int(get, 2, 5);
    check(sqlite3_step(get), SQLITE_ROW);
    std::string found(static_cast<const char*>(sqlite3_column_blob(get, 0)),
                      static_cast<std::size_t>(sqlite3_column_bytes(get, 0)));
    benchmark::DoNotOptimize(found);
    sqlite3_reset(get);
  }
  sqlite3_finalize(get);
  sqlite3_close(database);
}
BENCHMARK(sqlite_get);

const Entry& some_entry() {
  static const Entry entry{EntryKind::session,
                           {7, 8},
                           SystemClock().now() + two_weeks,
                           std::string(value_size - 42, 'x')};
  return entry;
}

void entry_seal(benchmark::State& state) {
  const EntrySealer sealer(Secret("a secret key of fifty characters, more or less ....."), {});
  for (auto _ : state) benchmark::DoNotOptimize(sealer.seal(names()[0], some_entry()));
}
BENCHMARK(entry_seal);

void entry_open(benchmark::State& state) {
  const EntrySealer sealer(Secret("a secret key of fifty characters, more or less ....."), {});
  const std::string value = sealer.seal(names()[0], some_entry());
  const Time now = SystemClock().now();
  for (auto _ : state) benchmark::DoNotOptimize(sealer.open(names()[0], value, now));
}
BENCHMARK(entry_open);

}  // namespace
