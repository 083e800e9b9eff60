// The store on SQLite: single rows, pages and purges in a table of 10,000 and of 1,000,000
// sessions. Rival: the same look-up and save with sqlite3 alone, a statement prepared for each
// call.
//
// The tables are made on first use, in a temporary folder (about 600 MB for the larger), which goes
// at the end.
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "store/ended_table.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "store/sqlite/sqlite_database.h"

namespace innkeeper::store {
namespace {

using namespace std::chrono_literals;

// Every session's last activity lies before it, a second apart; each ends 14 days after.
const Time noon = ManualClock().now();
constexpr int users = 1000;
constexpr int payload_size = 300;

// Keys scattered over the index, as digests are.
SessionId id_of(std::int64_t number) {
  char text[41];
  std::snprintf(text, sizeof text, "%08x%032x", static_cast<std::uint32_t>(number * 2654435761),
                static_cast<std::uint32_t>(number));
  return *SessionId::parse(text);
}

class Table {
 public:
  explicit Table(std::int64_t rows) : m_rows(rows) {
    std::string name = (std::filesystem::temp_directory_path() / "innkeeper-bench-XXXXXX").string();
    m_folder = ::mkdtemp(name.data());
    m_database = sqlite::open({.file = file(), .create = true});
    const auto lease = m_database->connect(Access::write);
    migrate(*lease, {});
    fill(*lease);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() {
    m_database.reset();
    std::filesystem::remove_all(m_folder);
  }
  Database& database() { return *m_database; }
  std::string file() const { return (m_folder / "sessions.sqlite3").string(); }
  // Some row, another each time.
  SessionId next_id() { return id_of((m_next += 7919) % m_rows); }

 private:
  void fill(Connection& connection) const {
    connection.query("PRAGMA cache_size = -400000", {});
    Transaction transaction(connection);
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO "
        "auth_user SELECT i, '!', NULL, 0, 'user' || i, '', 'user' || i || '@example.com', 0, 1, "
        "'2030-01-01 00:00:00.000000', '' FROM n",
        std::vector<Value>{std::int64_t{users}});
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?), t(i, at) "
        "AS "
        "(SELECT i, 4102444800 - i FROM n) INSERT INTO innkeeper_session SELECT "
        "printf('%08x%032x', "
        "(i * 2654435761) & 4294967295, i), strftime('%Y-%m-%d %H:%M:%S', at + 1209600, "
        "'unixepoch') || "
        "'.000000', CASE WHEN i % 3 THEN i % ? + 1 END, printf('203.0.%d.%d', i / 256 % 256, i % "
        "256), "
        "'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', '', "
        "strftime('%Y-%m-%d %H:%M:%S', at, 'unixepoch') || '.000000', strftime('%Y-%m-%d "
        "%H:%M:%S', at, "
        "'unixepoch') || '.000000', strftime('%Y-%m-%d %H:%M:%S', at, 'unixepoch') || '.000000', "
        "1, "
        "hex(randomblob(?)) FROM t",
        std::vector<Value>{m_rows, std::int64_t{users}, std::int64_t{payload_size / 2}});
    transaction.commit();
    connection.query("PRAGMA cache_size = -2000", {});
    connection.query("PRAGMA wal_checkpoint(TRUNCATE)", {});
  }

  std::int64_t m_rows;
  std::int64_t m_next = 0;
  std::filesystem::path m_folder;
  std::unique_ptr<Database> m_database;
};

Table& table(const benchmark::State& state) {
  static std::map<std::int64_t, std::unique_ptr<Table>> tables;
  auto& one = tables[state.range(0)];
  if (!one) one = std::make_unique<Table>(state.range(0));
  return *one;
}

SessionFilter filter(SessionFilter::Validity validity) {
  SessionFilter filter;
  filter.now = noon;
  filter.validity = validity;
  return filter;
}

// A lease, the row, the lease given back: what a request without a cache costs.
void find(benchmark::State& state) {
  Table& sessions = table(state);
  for (auto _ : state) {
    const auto lease = sessions.database().connect(Access::read);
    benchmark::DoNotOptimize(SessionTable(*lease, KeyType::integer).find(sessions.next_id()));
  }
}

void find_rival(benchmark::State& state) {
  Table& sessions = table(state);
  sqlite3* db = nullptr;
  sqlite3_open(sessions.file().c_str(), &db);
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string sql =
        "SELECT * FROM innkeeper_session WHERE session_key = '" + sessions.next_id().text() + "'";
    const auto take = [](void* sum, int count, char** columns, char**) {
      for (int i = 0; i < count; ++i) {
        if (columns[i] != nullptr)
          *static_cast<std::size_t*>(sum) += std::string(columns[i]).size();
      }
      return 0;
    };
    sqlite3_exec(db, sql.c_str(), take, &bytes, nullptr);
  }
  benchmark::DoNotOptimize(bytes);
  sqlite3_close(db);
}

void update(benchmark::State& state) {
  Table& sessions = table(state);
  const auto lease = sessions.database().connect(Access::write);
  SessionTable rows(*lease, KeyType::integer);
  for (auto _ : state) {
    auto record = rows.find(sessions.next_id());
    record->updated_at += 1s;
    if (!rows.update(*record)) state.SkipWithError("the row was not updated");
  }
}

void update_rival(benchmark::State& state) {
  Table& sessions = table(state);
  sqlite3* db = nullptr;
  sqlite3_open(sessions.file().c_str(), &db);
  sqlite3_exec(db, "PRAGMA synchronous = NORMAL", nullptr, nullptr, nullptr);
  const auto nothing = [](void*, int, char**, char**) { return 0; };
  for (auto _ : state) {
    const std::string where = " WHERE session_key = '" + sessions.next_id().text() + "'";
    sqlite3_exec(db, ("SELECT * FROM innkeeper_session" + where).c_str(), nothing, nullptr,
                 nullptr);
    const std::string sql =
        "UPDATE innkeeper_session SET session_data = '" + std::string(payload_size, 'x') +
        "', updated_at = '2100-01-02 00:00:00.000000', version = version + 1" + where;
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  }
  sqlite3_close(db);
}

void touch(benchmark::State& state) {
  Table& sessions = table(state);
  const auto lease = sessions.database().connect(Access::write);
  SessionTable rows(*lease, KeyType::integer);
  Time at = noon;
  for (auto _ : state) rows.touch(sessions.next_id(), {}, at += 1s);
}

void insert(benchmark::State& state) {
  Table& sessions = table(state);
  const auto lease = sessions.database().connect(Access::write);
  SessionTable rows(*lease, KeyType::integer);
  static std::int64_t number = 2'000'000'000;
  for (auto _ : state) {
    rows.insert({id_of(++number),
                 std::string(payload_size, 'x'),
                 noon + 24h,
                 "7",
                 {},
                 noon,
                 noon,
                 noon,
                 1});
  }
}

void first_page(benchmark::State& state) {
  const auto lease = table(state).database().connect(Access::read);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        SessionTable(*lease, KeyType::integer).list(filter(SessionFilter::Validity::any), {}));
  }
}

void page_in_the_middle(benchmark::State& state) {
  const auto lease = table(state).database().connect(Access::read);
  const SessionCursor cursor{noon - Seconds(state.range(0) / 2), id_of(1)};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        SessionTable(*lease, KeyType::integer)
            .list(filter(SessionFilter::Validity::active), {.cursor = cursor}));
  }
}

void page_of_a_user(benchmark::State& state) {
  const auto lease = table(state).database().connect(Access::read);
  auto of_user = filter(SessionFilter::Validity::active);
  of_user.user_id = "8";
  for (auto _ : state) {
    benchmark::DoNotOptimize(SessionTable(*lease, KeyType::integer).list(of_user, {}));
  }
}

// A batch of a thousand is removed and the transaction undone, so that every turn finds the same
// rows.
void purge(benchmark::State& state) {
  const auto lease = table(state).database().connect(Access::write);
  SessionTable rows(*lease, KeyType::integer);
  for (auto _ : state) {
    const Transaction undone(*lease);
    if (rows.purge_expired(noon + 24h * 15, {}, 1000) != 1000)
      state.SkipWithError("fewer than a batch");
  }
}

void feed(benchmark::State& state) {
  const auto lease = table(state).database().connect(Access::write);
  EndedTable ended(*lease, KeyType::integer);
  if (!ended.extent()) {
    for (int i = 0; i < 1000; ++i) ended.note_changed(id_of(i), noon);
  }
  const FeedRange extent = *ended.extent();
  const std::vector<FeedRange> gaps{{extent.last - 9, extent.last - 8},
                                    {extent.last - 5, extent.last - 5}};
  for (auto _ : state) benchmark::DoNotOptimize(ended.feed(extent.last, gaps, 1000));
}

// Small and large, in that order: what differs is what grows with the table.
#define IN_BOTH_TABLES(body) BENCHMARK(body)->Arg(10'000)->Arg(1'000'000)
IN_BOTH_TABLES(find);
IN_BOTH_TABLES(find_rival);
IN_BOTH_TABLES(first_page)->Unit(benchmark::kMicrosecond);
IN_BOTH_TABLES(page_in_the_middle)->Unit(benchmark::kMicrosecond);
IN_BOTH_TABLES(page_of_a_user)->Unit(benchmark::kMicrosecond);
IN_BOTH_TABLES(feed);
IN_BOTH_TABLES(purge)->Unit(benchmark::kMillisecond);
IN_BOTH_TABLES(update);
IN_BOTH_TABLES(update_rival);
IN_BOTH_TABLES(touch);
IN_BOTH_TABLES(insert);

}  // namespace
}  // namespace innkeeper::store
