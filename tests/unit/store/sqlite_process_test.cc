// The driver `sqlite` among processes: forks, kill -9, a file that another user owns.
#include <atomic>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store {
namespace {

using namespace std::chrono_literals;

const Time noon = ManualClock().now();

SessionRecord record(char digit) {
  return {*SessionId::parse(std::string(40, digit)),
          "payload",
          noon + 24h,
          {},
          {},
          noon,
          noon,
          noon,
          1};
}

void insert(Database& database, char digit) {
  const auto lease = database.connect(Access::write);
  SessionTable(*lease, KeyType::integer).insert(record(digit));
}

bool has(Database& database, char digit) {
  const auto lease = database.connect(Access::read);
  return SessionTable(*lease, KeyType::integer).find(record(digit).id).has_value();
}

// A byte from one process to another.
class Signal {
 public:
  Signal() { EXPECT_EQ(::pipe(m_ends), 0); }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  ~Signal() {
    ::close(m_ends[0]);
    ::close(m_ends[1]);
  }
  void give() const { EXPECT_EQ(::write(m_ends[1], "x", 1), 1); }
  void wait() const {
    char byte = 0;
    EXPECT_EQ(::read(m_ends[0], &byte, 1), 1);
  }

 private:
  int m_ends[2] = {-1, -1};
};

// Runs `body` in a child; it succeeds where the body returns true.
::pid_t start_child(const std::function<bool()>& body) {
  const ::pid_t child = ::fork();
  if (child != 0) return child;
  bool well = false;
  try {
    well = body();
  } catch (const std::exception& error) {
    static_cast<void>(::write(2, error.what(), std::string_view(error.what()).size()));
  }
  ::_exit(well ? 0 : 1);
}

bool succeeded(::pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class SqliteProcess : public testing::Test {
 protected:
  SqliteProcess() { migrate(*m_database->connect(Access::write), {}); }
  std::filesystem::path file() const { return m_folder.path() / "sessions.sqlite3"; }
  std::unique_ptr<Database> open(std::chrono::milliseconds busy_timeout = 5s) const {
    return sqlite::open({.file = file(), .create = true, .busy_timeout = busy_timeout});
  }
  test::TemporaryFolder m_folder;
  std::unique_ptr<Database> m_database = open();
};

TEST_F(SqliteProcess, WhatAKilledWriterHadBegunNeverWas) {
  const Signal begun;
  const ::pid_t child = start_child([&] {
    const auto lease = m_database->connect(Access::write);
    lease->begin();
    SessionTable(*lease, KeyType::integer).insert(record('a'));
    begun.give();
    ::pause();
    return true;
  });
  begun.wait();
  ::kill(child, SIGKILL);
  EXPECT_FALSE(succeeded(child));
  EXPECT_FALSE(has(*m_database, 'a'));
  insert(*m_database, 'a');  // its lock went with it
  EXPECT_TRUE(has(*m_database, 'a'));
}

TEST_F(SqliteProcess, WhatAKilledWriterHadCommittedStays) {
  const Signal done;
  const ::pid_t child = start_child([&] {
    insert(*m_database, 'a');
    done.give();
    ::pause();
    return true;
  });
  done.wait();
  ::kill(child, SIGKILL);
  EXPECT_FALSE(succeeded(child));
  EXPECT_TRUE(has(*m_database, 'a'));
}

TEST_F(SqliteProcess, AChildGoesOnWithWhatItsParentHadOpened) {
  insert(*m_database, 'a');
  EXPECT_TRUE(has(*m_database, 'a'));
  EXPECT_TRUE(succeeded(start_child([&] {
    insert(*m_database, 'b');
    return has(*m_database, 'a') && has(*m_database, 'b');
  })));
  EXPECT_TRUE(has(*m_database, 'b'));
}

TEST_F(SqliteProcess, ParentAndChildKeepEachOtherOut) {
  const auto impatient = open(20ms);
  insert(*impatient, 'a');
  const Signal begun, tried;
  const ::pid_t child = start_child([&] {
    const auto lease = impatient->connect(Access::write);
    lease->begin();
    begun.give();
    tried.wait();
    return true;
  });
  begun.wait();
  EXPECT_THROW(insert(*impatient, 'b'), StoreError);
  tried.give();
  EXPECT_TRUE(succeeded(child));
  insert(*impatient, 'b');
}

// With a parent's connection open at the fork, SQLite would tell the child that it holds a lock
// which the kernel gave to the parent alone, and the parent, closing last as it thinks, would take
// the log away under the child.
TEST_F(SqliteProcess, AParentThatLeavesDoesNotTakeTheLogFromItsChild) {
  insert(*m_database, 'a');
  const Signal connected, closed;
  const ::pid_t child = start_child([&] {
    insert(*m_database, 'b');
    const auto lease = m_database->connect(Access::read);
    check_schema(*lease);
    connected.give();
    closed.wait();
    return std::filesystem::exists(file().string() + "-wal");
  });
  connected.wait();
  EXPECT_TRUE(has(*m_database, 'b'));
  m_database.reset();
  closed.give();
  EXPECT_TRUE(succeeded(child));
}

TEST_F(SqliteProcess, AForkInTheMidstOfATransactionHarmsNeither) {
  auto lease = m_database->connect(Access::write);
  lease->begin();
  SessionTable sessions(*lease, KeyType::integer);
  sessions.insert(record('a'));
  EXPECT_TRUE(succeeded(start_child([&] {
    lease.reset();  // the parent's: nothing is rolled back
    try {
      m_database->connect(Access::read);
    } catch (const StoreError& error) {
      return error.kind() == StoreError::Kind::unavailable;
    }
    return false;
  })));
  lease->commit();
  lease.reset();
  EXPECT_TRUE(has(*m_database, 'a'));
}

TEST_F(SqliteProcess, AForkWaitsForThreadsThatAreAtWork) {
  insert(*m_database, 'a');
  std::atomic<bool> enough{false};
  std::thread worker([&] {
    while (!enough) has(*m_database, 'a');
  });
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(succeeded(start_child([&] { return has(*m_database, 'a'); }))) << i;
  }
  enough = true;
  worker.join();
}

TEST_F(SqliteProcess, AFileOfAnotherUserIsReadOnly) {
  insert(*m_database, 'a');
  m_database.reset();
  ::chmod(m_folder.path().c_str(), 0555);
  ::chmod(file().c_str(), 0444);
  const ::pid_t child = start_child([&] {
    // Root may write everywhere: be somebody else.
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return false;
    const auto database = open();
    const auto kind_of = [&](Access access) {
      try {
        check_schema(*database->connect(access));
      } catch (const StoreError& error) {
        return std::string_view(error.what()).find("write access") != std::string_view::npos &&
               error.kind() == StoreError::Kind::read_only;
      }
      return false;
    };
    return kind_of(Access::write) && kind_of(Access::read);
  });
  EXPECT_TRUE(succeeded(child));
  ::chmod(m_folder.path().c_str(), 0755);
}

}  // namespace
}  // namespace innkeeper::store
