// The driver `sqlite` beyond the contract: its file, its errors, its one writer.
#include "store/sqlite/sqlite_database.h"

#include <atomic>
#include <fstream>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "tests/support/sleeping_thread.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store {
namespace {

using namespace std::chrono_literals;
using Kind = StoreError::Kind;

const Time noon = ManualClock().now();

SessionRecord record(char digit, std::string data = "payload") {
  return {*SessionId::parse(std::string(40, digit)),
          std::move(data),
          noon + 24h,
          {},
          {},
          noon,
          noon,
          noon,
          1};
}

template <class Body>
StoreError thrown_by(Body body) {
  try {
    body();
  } catch (const StoreError& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return StoreError(Kind::misuse, "");
}

bool says(const StoreError& error, const std::string& words) {
  return std::string(error.what()).find(words) != std::string::npos;
}

class SqliteDatabase : public testing::Test {
 protected:
  std::filesystem::path file() const { return m_folder.path() / "sessions.sqlite3"; }
  sqlite::Options options(std::chrono::milliseconds busy_timeout = 5s) const {
    return {.file = file(), .create = true, .busy_timeout = busy_timeout};
  }
  std::unique_ptr<Database> migrated(std::chrono::milliseconds busy_timeout = 5s) {
    auto database = sqlite::open(options(busy_timeout));
    migrate(*database->connect(Access::write), {});
    return database;
  }
  static std::string answer(Connection& connection, const std::string& sql) {
    return as_text(connection.query(sql, {}).at(0).at(0), "answer");
  }
  static bool has(Database& database, char digit) {
    const auto lease = database.connect(Access::read);
    return SessionTable(*lease, KeyType::integer).find(record(digit).id).has_value();
  }
  void write_file(const std::string& bytes) { std::ofstream(file()) << bytes; }
  test::TemporaryFolder m_folder;
};

TEST_F(SqliteDatabase, MakesItsFileForItsOwnerAlone) {
  const ::mode_t before = ::umask(0);
  const auto database = migrated();
  ::umask(before);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((file().string() + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777, 0600U) << suffix;
  }
}

TEST_F(SqliteDatabase, SetsItsConnectionsUp) {
  const auto database = migrated();
  for (const Access access : {Access::read, Access::write}) {
    const auto lease = database->connect(access);
    EXPECT_EQ(answer(*lease, "PRAGMA journal_mode"), "wal");
    EXPECT_EQ(answer(*lease, "PRAGMA foreign_keys"), "1");
  }
  const auto writer = database->connect(Access::write);
  EXPECT_EQ(answer(*writer, "PRAGMA synchronous"), "1");
}

TEST_F(SqliteDatabase, CanBeToldToSyncEveryCommit) {
  auto settings = options();
  settings.sync_every_commit = true;
  const auto database = sqlite::open(settings);
  EXPECT_EQ(answer(*database->connect(Access::write), "PRAGMA synchronous"), "2");
}

TEST_F(SqliteDatabase, AMissingFileIsMissing) {
  auto settings = options();
  settings.create = false;
  const auto database = sqlite::open(settings);
  for (const Access access : {Access::read, Access::write}) {
    const StoreError error = thrown_by([&] { database->connect(access); });
    EXPECT_EQ(error.kind(), Kind::missing);
    EXPECT_TRUE(says(error, file().string())) << error.what();
    EXPECT_TRUE(says(error, "innkeeper migrate")) << error.what();
  }
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(SqliteDatabase, AReaderMakesNoFile) {
  const auto database = sqlite::open(options());
  EXPECT_EQ(thrown_by([&] { database->connect(Access::read); }).kind(), Kind::missing);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(SqliteDatabase, AnEmptyDatabaseLacksTables) {
  const auto database = sqlite::open(options());
  const auto lease = database->connect(Access::write);
  EXPECT_EQ(thrown_by([&] { check_schema(*lease); }).kind(), Kind::missing);
  const StoreError error =
      thrown_by([&] { SessionTable(*lease, KeyType::integer).find(record('a').id); });
  EXPECT_EQ(error.kind(), Kind::missing);
  EXPECT_TRUE(says(error, "innkeeper migrate")) << error.what();
}

TEST_F(SqliteDatabase, AFolderThatIsNotThereIsNamed) {
  auto settings = options();
  settings.file = m_folder.path() / "nowhere" / "sessions.sqlite3";
  const StoreError error = thrown_by([&] { sqlite::open(settings)->connect(Access::write); });
  EXPECT_EQ(error.kind(), Kind::unavailable);
  EXPECT_TRUE(says(error, settings.file.string())) << error.what();
}

TEST_F(SqliteDatabase, AFolderInPlaceOfTheFileIsUnavailable) {
  std::filesystem::create_directory(file());
  const auto database = sqlite::open(options());
  EXPECT_EQ(thrown_by([&] { database->connect(Access::write); }).kind(), Kind::unavailable);
}

TEST_F(SqliteDatabase, AFileThatIsNoDatabaseIsCorruptAndStaysAsItIs) {
  const std::string garbage(8192, 'x');
  write_file(garbage);
  const auto database = sqlite::open(options());
  EXPECT_EQ(thrown_by([&] { database->connect(Access::write); }).kind(), Kind::corrupt);
  const StoreError error = thrown_by([&] { check_schema(*database->connect(Access::read)); });
  EXPECT_EQ(error.kind(), Kind::corrupt);
  EXPECT_TRUE(says(error, file().string())) << error.what();
  std::ifstream again(file());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(again), {}), garbage);
}

TEST_F(SqliteDatabase, ADamagedPageIsCorrupt) {
  migrated().reset();
  {
    std::fstream bytes(file(), std::ios::in | std::ios::out);
    bytes.seekp(100);
    bytes << std::string(3900, '\xff');
  }
  const auto database = sqlite::open(options());
  EXPECT_EQ(thrown_by([&] { check_schema(*database->connect(Access::read)); }).kind(),
            Kind::corrupt);
}

TEST_F(SqliteDatabase, AReaderRefusesToWrite) {
  const auto database = migrated();
  const auto lease = database->connect(Access::read);
  const StoreError error =
      thrown_by([&] { SessionTable(*lease, KeyType::integer).insert(record('a')); });
  EXPECT_EQ(error.kind(), Kind::read_only);
  EXPECT_EQ(error.retry(), Retry::never);
}

TEST_F(SqliteDatabase, AnotherProgramsTransactionIsWaitedForAndThenNamed) {
  const auto other = migrated();
  const auto holder = other->connect(Access::write);
  holder->begin();
  const auto database = sqlite::open(options(20ms));
  const auto lease = database->connect(Access::write);
  const StoreError error = thrown_by([&] { lease->begin(); });
  EXPECT_EQ(error.kind(), Kind::locked);
  EXPECT_EQ(error.retry(), Retry::later);
  EXPECT_TRUE(says(error, file().string())) << error.what();
  holder->rollback();
  const Transaction now_free(*lease);
}

TEST_F(SqliteDatabase, TheSecondWriterOfAProgramWaitsItsTurn) {
  const auto database = migrated(20ms);
  auto first = database->connect(Access::write);
  const StoreError error = thrown_by([&] { database->connect(Access::write); });
  EXPECT_EQ(error.kind(), Kind::locked);
  first.reset();
  EXPECT_TRUE(database->connect(Access::write));
}

// With a limit that no test would wait for.
TEST_F(SqliteDatabase, WhatMayBeLeftUndoneDoesNotWaitForTheLimit) {
  const auto database = migrated(1h);
  const auto write = [&] {
    SessionTable(*database->connect_unless_busy(), KeyType::integer).insert(record('a'));
  };
  {
    const auto other = sqlite::open(options());
    const auto holder = other->connect(Access::write);
    const Transaction held(*holder);
    EXPECT_EQ(thrown_by(write).kind(), Kind::locked) << "another program's";
    const auto fresh = sqlite::open(options(1h));
    EXPECT_EQ(thrown_by([&] { fresh->connect_unless_busy()->begin(); }).kind(), Kind::locked);
  }
  {
    const auto holder = database->connect(Access::write);
    std::thread([&] { EXPECT_EQ(thrown_by(write).kind(), Kind::locked); }).join();
  }
  write();
  EXPECT_TRUE(has(*database, 'a'));
}

// The connection is the same one.
TEST_F(SqliteDatabase, WhoHasToWriteIsPatientAgainAfterThat) {
  const auto other = migrated();
  const auto database = sqlite::open(options(300ms));
  database->connect_unless_busy();
  const auto holder = other->connect(Access::write);
  const Transaction held(*holder);
  const auto lease = database->connect(Access::write);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(thrown_by([&] { lease->begin(); }).kind(), Kind::locked);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 300ms);
}

TEST_F(SqliteDatabase, AWaitingWriterGetsTheTurnThatIsGivenBack) {
  const auto database = migrated();
  auto first = database->connect(Access::write);
  std::atomic<bool> had_it{false};
  std::thread second([&] {
    const auto lease = database->connect(Access::write);
    SessionTable(*lease, KeyType::integer).insert(record('b'));
    had_it = true;
  });
  SessionTable(*first, KeyType::integer).insert(record('a'));
  EXPECT_FALSE(had_it);
  first.reset();
  second.join();
  EXPECT_TRUE(has(*database, 'a'));
  EXPECT_TRUE(has(*database, 'b'));
}

// A purge gives the writer back and asks again at once: before a thread that waits has woken up.
TEST_F(SqliteDatabase, WhoWaitsForTheWriterIsNotPassedByWhoAsksAgain) {
  const auto database = migrated(60s);
  std::atomic<pid_t> asking{0};
  std::atomic<bool> served{false};
  auto busy = database->connect(Access::write);
  std::thread waiting([&] {
    asking = gettid();
    const auto lease = database->connect(Access::write);
    served = true;  // while it has the turn: who comes after it sees this
  });
  while (!test::is_sleeping(asking)) std::this_thread::yield();
  busy.reset();
  busy = database->connect(Access::write);
  EXPECT_TRUE(served);
  busy.reset();
  waiting.join();
}

// In SQLite's own way everybody who writes waits for the checkpoint of who wrote last.
TEST_F(SqliteDatabase, TheLogIsCarriedOverOnceTheWritersTurnIsGivenBack) {
  const auto database = migrated();
  const auto size_before = std::filesystem::file_size(file());
  {
    const auto lease = database->connect(Access::write);
    SessionTable sessions(*lease, KeyType::integer);
    for (const char digit : {'a', 'b', 'c', 'd', 'e', 'f'})
      sessions.insert(record(digit, std::string(1 << 20, 'x')));
    EXPECT_EQ(std::filesystem::file_size(file()), size_before) << "while others wait for the turn";
  }
  EXPECT_GT(std::filesystem::file_size(file()), size_before + (4 << 20));
}

// Left to itself it would grow to the length at which a writer has to carry all of it over.
TEST_F(SqliteDatabase, ALongLogThatCouldNotBeCarriedOverIsFinishedByUpkeep) {
  const auto database = migrated();
  {
    const auto old_state = database->connect(Access::read);
    old_state->query("BEGIN", {});
    old_state->query("SELECT count(*) FROM innkeeper_session", {});
    {
      const auto lease = database->connect(Access::write);
      SessionTable sessions(*lease, KeyType::integer);
      for (const char digit : {'1', '2', '3', '4', '5', '6', '7', '8', '9'})
        sessions.insert(record(digit, std::string(1 << 20, 'x')));
    }
    old_state->query("COMMIT", {});
  }
  EXPECT_LT(std::filesystem::file_size(file()), 1 << 20) << "kept back by who reads the old state";
  database->upkeep();
  EXPECT_GT(std::filesystem::file_size(file()), 8 << 20);
}

// A process that goes on with the file it has open would write sessions into nowhere.
TEST_F(SqliteDatabase, AFileThatIsRemovedMeanwhileIsMissing) {
  migrated();
  const auto server = sqlite::open({.file = file()});  // which makes none
  EXPECT_FALSE(has(*server, 'a'));
  { const auto writer = server->connect(Access::write); }
  std::filesystem::rename(file(), m_folder.path() / "aside.sqlite3");
  for (const Access access : {Access::read, Access::write})
    EXPECT_EQ(thrown_by([&] { server->connect(access); }).kind(), Kind::missing);
}

TEST_F(SqliteDatabase, AFileThatIsReplacedMeanwhileIsTheOneThatIsRead) {
  migrated();
  const auto server = sqlite::open({.file = file()});
  EXPECT_FALSE(has(*server, 'a'));
  { const auto writer = server->connect(Access::write); }
  const auto restored = m_folder.path() / "restored.sqlite3";
  const auto other = sqlite::open({.file = restored, .create = true});
  migrate(*other->connect(Access::write), {});
  {
    const auto lease = other->connect(Access::write);
    SessionTable(*lease, KeyType::integer).insert(record('a'));
    lease->query("PRAGMA wal_checkpoint(TRUNCATE)", {});
  }
  std::filesystem::remove(file().string() + "-wal");
  std::filesystem::remove(file().string() + "-shm");
  std::filesystem::rename(restored, file());
  EXPECT_TRUE(has(*server, 'a'));
  SessionTable(*server->connect(Access::write), KeyType::integer).insert(record('b'));
  EXPECT_TRUE(has(*sqlite::open({.file = file()}), 'b'));
}

TEST_F(SqliteDatabase, ReadersDoNotWaitForTheWriter) {
  const auto database = migrated(0ms);
  const auto writer = database->connect(Access::write);
  Transaction transaction(*writer);
  SessionTable(*writer, KeyType::integer).insert(record('a'));
  EXPECT_FALSE(has(*database, 'a'));
  transaction.commit();
  EXPECT_TRUE(has(*database, 'a'));
}

TEST_F(SqliteDatabase, MoreReadersThanAreKeptAreServed) {
  const auto database = migrated();
  std::vector<Database::Lease> leases;
  for (int i = 0; i < 20; ++i) leases.push_back(database->connect(Access::read));
  for (const auto& lease : leases) check_schema(*lease);
}

TEST_F(SqliteDatabase, AFullDeviceIsNamedAndNothingIsHalfWritten) {
  const auto database = migrated();
  {
    const auto lease = database->connect(Access::write);
    const auto pages = as_integer(lease->query("PRAGMA page_count", {}).at(0).at(0), "pages");
    lease->query("PRAGMA max_page_count = " + std::to_string(pages + 4), {});
    Transaction transaction(*lease);
    SessionTable sessions(*lease, KeyType::integer);
    sessions.insert(record('a'));
    const StoreError error =
        thrown_by([&] { sessions.insert(record('b', std::string(1 << 20, 'x'))); });
    EXPECT_EQ(error.kind(), Kind::full);
    EXPECT_EQ(error.retry(), Retry::later);
    EXPECT_TRUE(says(error, "free space")) << error.what();
  }
  EXPECT_FALSE(has(*database, 'a'));
  EXPECT_FALSE(has(*database, 'b'));
}

// SQLite may end a transaction by itself (out of memory or room). What follows must not be written
// on its own.
TEST_F(SqliteDatabase, ATransactionThatSqliteEndedTakesNoMoreStatements) {
  const auto database = migrated();
  const auto lease = database->connect(Access::write);
  SessionTable sessions(*lease, KeyType::integer);
  sessions.insert(record('a'));
  lease->begin();
  sessions.insert(record('b'));
  const std::string ends_it =
      "INSERT OR ROLLBACK INTO innkeeper_session SELECT * FROM innkeeper_session WHERE session_key "
      "= '" +
      record('a').id.text() + "'";
  EXPECT_EQ(thrown_by([&] { lease->execute(ends_it, {}); }).kind(), Kind::constraint);
  EXPECT_EQ(thrown_by([&] { sessions.insert(record('c')); }).kind(), Kind::constraint);
  EXPECT_EQ(thrown_by([&] { lease->commit(); }).kind(), Kind::constraint);
  EXPECT_FALSE(sessions.find(record('b').id));
  EXPECT_FALSE(sessions.find(record('c').id));
  sessions.insert(record('d'));
  EXPECT_TRUE(has(*database, 'd'));
}

TEST_F(SqliteDatabase, OneComplaintAfterACommitKeepsNobodyFromHearingOfIt) {
  const auto database = migrated();
  const auto lease = database->connect(Access::write);
  int heard = 0;
  Transaction transaction(*lease);
  lease->after_commit([] { throw CacheError("away"); });
  lease->after_commit([&] { ++heard; });
  EXPECT_THROW(transaction.commit(), CacheError);
  EXPECT_EQ(heard, 1);
}

TEST_F(SqliteDatabase, AForgottenTransactionEndsWithTheLease) {
  const auto database = migrated(0ms);
  {
    const auto lease = database->connect(Access::write);
    lease->begin();
    lease->begin();
  }
  const auto lease = database->connect(Access::write);
  const Transaction transaction(*lease);
}

TEST_F(SqliteDatabase, StatementsWithoutEndDoNotPileUp) {
  const auto database = migrated();
  const auto lease = database->connect(Access::write);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(answer(*lease, "SELECT " + std::to_string(i)), std::to_string(i));
  }
}

TEST_F(SqliteDatabase, AChangedTableIsReadByStatementsThatWerePreparedBefore) {
  const auto database = migrated();
  const auto lease = database->connect(Access::write);
  SessionTable sessions(*lease, KeyType::integer);
  sessions.insert(record('a'));
  EXPECT_TRUE(sessions.find(record('a').id));
  lease->execute("ALTER TABLE innkeeper_session ADD COLUMN more text", {});
  EXPECT_TRUE(sessions.find(record('a').id));
}

TEST_F(SqliteDatabase, ManyThreadsReadWhileOneWrites) {
  const auto database = migrated();
  {
    const auto lease = database->connect(Access::write);
    SessionTable(*lease, KeyType::integer).insert(record('a'));
  }
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      for (std::int64_t last = 0; last < 50;) {
        const auto lease = database->connect(Access::read);
        const auto found = SessionTable(*lease, KeyType::integer).find(record('a').id);
        ASSERT_TRUE(found);
        ASSERT_GE(found->version, last);
        last = found->version;
      }
    });
  }
  for (std::int64_t version = 1; version < 50; ++version) {
    const auto lease = database->connect(Access::write);
    SessionRecord next = record('a');
    next.version = version;
    ASSERT_TRUE(SessionTable(*lease, KeyType::integer).update(next));
  }
  for (std::thread& reader : readers) reader.join();
}

// SQLite itself says busy at once, without waiting, where two openers of a new file switch it to
// WAL. Many rounds: the moment is short.
TEST_F(SqliteDatabase, MigrationsAtOnceMakeEverythingOnce) {
  for (int round = 0; round < 25; ++round) {
    sqlite::Options fresh = options();
    fresh.file.replace_filename("sessions-" + std::to_string(round));
    std::atomic<int> made{0};
    std::latch start(4);
    std::vector<std::thread> migrations;
    for (int i = 0; i < 4; ++i) {
      migrations.emplace_back([&] {
        const auto database = sqlite::open(fresh);
        start.arrive_and_wait();
        made += static_cast<int>(migrate(*database->connect(Access::write), {}).steps.size() > 0);
      });
    }
    for (std::thread& migration : migrations) migration.join();
    ASSERT_EQ(made, 1) << "in round " << round;
  }
}

}  // namespace
}  // namespace innkeeper::store
