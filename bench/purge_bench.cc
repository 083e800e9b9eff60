// A purge of 1,000,000 expired sessions out of 2,000,000, beside what a busy site does meanwhile:
// opening sessions, a page of the staff's list, signing in, saving, noting uses. Each kind has a
// thread and a rate of its own and notes how long each call took.
//
// usage: purge_bench [ROWS]. Prints rows a second, for each kind median, p99 and the longest, alone
// and while the purge runs, and the process's memory. A plain program, since the purge can be run
// once only.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_handle.h"
#include "cache/lmdb/lmdb_cache.h"
#include "engine/engine.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::engine {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using SteadyClock = std::chrono::steady_clock;

// What /proc says of this process's memory, in KiB: "VmRSS:", "RssAnon:", …
long memory(const std::string& line) {
  std::ifstream status("/proc/self/status");
  for (std::string text; std::getline(status, text);) {
    if (text.starts_with(line)) return std::stol(text.substr(line.size()));
  }
  return 0;
}

// Every other row has expired; the payload is as long as an ordinary one. By and by: SQLite holds
// the rows of one such statement in memory.
void fill(store::Connection& connection, std::int64_t rows) {
  constexpr std::int64_t at_once = 20'000;
  for (std::int64_t first = 1; first <= rows; first += at_once) {
    store::Transaction transaction(connection);
    connection.execute(
        "WITH RECURSIVE number(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM number WHERE n < ?) "
        "INSERT INTO innkeeper_session (session_key, expire_date, created_at, updated_at, "
        "last_activity, session_data) "
        "SELECT printf('%08x%032x', (n * 2654435761) & 4294967295, n), "
        "strftime('%Y-%m-%d %H:%M:%S', n + CASE WHEN n % 2 THEN 1579046400 ELSE 3787000000 END, "
        "'unixepoch') || '.000000', "
        "'2020-01-01 00:00:00.000000', '2020-01-01 00:00:00.000000', "
        "strftime('%Y-%m-%d %H:%M:%S', 1577836800 + n, 'unixepoch') || '.000000', "
        "printf('%.*c', 400, 'x') FROM number",
        std::vector<store::Value>{first, std::min(first + at_once - 1, rows)});
    transaction.commit();
  }
}

// One kind of request, at its own rate.
struct Kind {
  const char* name;
  std::chrono::milliseconds every;
  std::function<void()> call;
  std::vector<double> waits{};

  // Until `stop`. What comes late is not made up for: a queue would count each wait many times.
  void repeat(const std::atomic<bool>& stop) {
    while (!stop) {
      const auto began = SteadyClock::now();
      call();
      waits.push_back(Milliseconds(SteadyClock::now() - began).count());
      std::this_thread::sleep_until(began + every);
    }
  }
  void print() {
    if (waits.empty()) return;
    std::sort(waits.begin(), waits.end());
    const auto at = [&](std::size_t percent) {
      return waits[std::min(waits.size() * percent / 100, waits.size() - 1)];
    };
    std::printf("  %-22s %6zu calls  median %7.3f  p99 %7.2f  longest %7.1f ms, over 100 ms: %td\n",
                name, waits.size(), at(50), at(99), waits.back(),
                waits.end() - std::upper_bound(waits.begin(), waits.end(), 100.0));
    waits.clear();
  }
};

// Runs `work` beside all kinds, and notes the highest of the process's own memory.
long beside(std::vector<Kind>& kinds, const std::function<void()>& work) {
  std::atomic<bool> stop{false};
  long highest = 0;
  std::vector<std::thread> threads;
  for (Kind& kind : kinds) threads.emplace_back([&] { kind.repeat(stop); });
  threads.emplace_back([&] {
    while (!stop) {
      highest = std::max(highest, memory("RssAnon:"));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  work();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  for (Kind& kind : kinds) kind.print();
  return highest;
}

// Sessions of visitors that are there and have cookies.
std::vector<std::string> living(Engine& book, std::size_t count) {
  std::vector<std::string> cookies;
  for (std::size_t i = 0; i < count; ++i) {
    Session session;
    session.set("cart", std::to_string(i));
    book.save(session, {});
    cookies.emplace_back(session.key()->reveal());
  }
  return cookies;
}

class Site {
 public:
  explicit Site(std::int64_t rows) : m_rows(rows) {
    const auto connection = m_database->connect(store::Access::write);
    store::migrate(*connection, Settings().users);
    fill(*connection, rows);
  }

  int run() {
    using std::chrono::milliseconds;
    // More than are opened, so that most come from the table; and others to be saved and used.
    const auto opened = living(m_book, 20'000), saved = living(m_book, 2'000),
               used = living(m_book, 2'000);
    std::array<std::size_t, 3> next{};  // one thread each
    std::optional<store::SessionCursor> below;
    const auto take = [&](std::size_t which, const std::vector<std::string>& from) {
      return m_book.open(from[next[which]++ % from.size()]);
    };
    std::vector<Kind> kinds;
    kinds.push_back({"open, many cookies", milliseconds(4), [&] { take(0, opened); }});
    kinds.push_back({"list, a page of 100", milliseconds(100),
                     [&] { below = m_book.list({}, {.size = 100, .cursor = below}).next; }});
    kinds.push_back({"sign in", milliseconds(50), [&] {
                       Session session;
                       session.set("first", "1");
                       m_book.save(session, {});
                     }});
    kinds.push_back({"open and save", milliseconds(50), [&] {
                       Session session = take(1, saved);
                       session.set("step", std::to_string(next[1]));
                       m_book.save(session, {});
                     }});
    kinds.push_back({"open and touch", milliseconds(50), [&] {
                       Session session = take(2, used);
                       note_use(session);
                     }});
    // What the machine does by itself, for the scale.
    kinds.push_back({"(a sleep of 1 ms)", milliseconds(20),
                     [] { std::this_thread::sleep_for(milliseconds(1)); }});
    kinds.push_back({"(4 KiB to the disk)", milliseconds(100), [&] { write_to_disk(); }});
    std::printf("alone, 10 s\n");
    beside(kinds, [] { std::this_thread::sleep_for(std::chrono::seconds(10)); });
    return purge(kinds);
  }

 private:
  int purge(std::vector<Kind>& kinds) {
    const long before = memory("RssAnon:"), whole = memory("VmRSS:");
    PurgeReport report;
    double seconds = 0;
    m_touched = m_left_alone = 0;
    std::printf("beside the purge\n");
    const long highest = beside(kinds, [&] {
      const auto began = SteadyClock::now();
      report = m_book.clear_expired({});
      seconds = Milliseconds(SteadyClock::now() - began).count() / 1000;
    });
    std::printf("  uses written: %d, left for the next request: %d\n", m_touched, m_left_alone);
    std::printf("purged %lld of %lld rows in %.1f s (%.0f a second)\n",
                static_cast<long long>(report.sessions), static_cast<long long>(m_rows), seconds,
                static_cast<double>(report.sessions) / seconds);
    std::printf("the process's own memory: %ld KiB before, %ld KiB at its highest\n", before,
                highest);
    std::printf("with what it has mapped of the database: %ld KiB before, %ld KiB at the end\n",
                whole, memory("VmRSS:"));
    return report.sessions == m_rows / 2 ? 0 : 1;
  }

  void note_use(Session& session) {
    try {
      m_touched += m_book.touch(session, {}) ? 1 : 0;
    } catch (const StoreError& error) {
      if (error.kind() != StoreError::Kind::locked) throw;
      ++m_left_alone;  // as a server does: the next request notes the use
    }
  }

  void write_to_disk() const {
    const char page[4096] = {};
    if (::pwrite(m_plain_file.get(), page, sizeof page, 0) != sizeof page ||
        ::fdatasync(m_plain_file.get()) != 0)
      std::perror("the file for comparison");
  }

  static Settings settings() {
    Settings settings;
    settings.keys.secret_key = Secret("a key for the purge");
    settings.activity_interval = Seconds(10);  // so that uses are written
    return settings;
  }

  test::TemporaryFolder m_folder;
  const std::int64_t m_rows;
  const std::unique_ptr<store::Database> m_database =
      store::sqlite::open({.file = m_folder / "book.sqlite3", .create = true});
  SystemClock m_clock;
  SystemRandom m_random;
  const std::unique_ptr<cache::Cache> m_cache =
      cache::lmdb::open({.directory = m_folder / "cache"}, m_clock, null_log());
  Engine m_book{settings(), *m_database, m_cache.get(), m_clock, m_random, null_log()};
  const FileHandle m_plain_file{
      ::open((m_folder / "plain").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  int m_touched = 0;     // written
  int m_left_alone = 0;  // the writer was busy for too long
};

}  // namespace
}  // namespace innkeeper::engine

int main(int count, char** arguments) {
  return innkeeper::engine::Site(count > 1 ? std::stoll(arguments[1]) : 2000000).run();
}
