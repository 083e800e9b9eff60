// One SQLite connection behind the port.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "store/sqlite/sqlite_statement.h"

namespace innkeeper::store::sqlite {

// Used by one thread at a time; the pool of sqlite_database.cc sees to that.
class SqliteConnection final : public Connection {
 public:
  // Waits for other connections' locks for `patience` at most.
  SqliteConnection(const Options& options, Access access, std::chrono::milliseconds patience);
  ~SqliteConnection() override;

  Dialect dialect() const override { return Dialect::sqlite; }
  std::string describe() const override { return "sqlite " + m_file; }
  Rows query(std::string_view sql, std::span<const Value> parameters) override;
  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override;
  // `BEGIN IMMEDIATE` on the writer, so that a transaction that could begin will not be refused
  // halfway; a snapshot on a reader. Within one, a savepoint.
  void begin() override;
  void commit() override;
  void rollback() noexcept override;
  void after_commit(std::function<void()> done) override;

  void set_patience(std::chrono::milliseconds patience) { m_wait.set_limit(patience); }
  Access access() const { return m_access; }
  // False after an error of the file itself: such a connection is closed rather than kept.
  bool usable() const { return m_usable; }
  // Which file it was opened on, whatever its name stands for by now.
  const std::optional<FileIdentity>& identity() const { return m_identity; }
  // How many pages the write-ahead log had after this connection's last commit.
  int wal_pages() const { return m_wal_pages; }
  // Carries the log over into the database file, as far as no reader needs it. Waits for nobody;
  // what fails is left to the next time.
  void checkpoint() noexcept;
  // Rolls back what a lease has left open.
  void end_lease() noexcept;

  std::thread::id user;  // the thread that has it on lease

 private:
  // Runs `sql`, giving each row to `take`; on failure what SQLite has undone is noted, then
  // StoreError is thrown.
  template <class Take>
  void run(std::string_view sql, std::span<const Value> parameters, Take take);
  void run_plain(const std::string& sql);
  [[noreturn]] void fail(int code);
  static std::string savepoint(std::size_t depth);
  void announce();

  std::string m_file;
  Access m_access;
  BusyWait m_wait;  // before m_db, which asks it
  DatabaseHandle m_db;
  std::optional<FileIdentity> m_identity;  // after m_db, whose opening may make the file
  StatementCache m_statements;             // after m_db: finalised before it closes
  std::size_t m_depth = 0;                 // 1 in a transaction, more in savepoints
  bool m_usable = true;
  int m_wal_pages = 0;
  // Set where SQLite itself has rolled the transaction back (a full disk, for one): whatever is
  // asked of it until its rollback fails in the same way, lest half of it be written as single
  // statements.
  std::optional<StoreError> m_undone;
  std::vector<std::pair<std::size_t, std::function<void()>>> m_after_commit;  // with the depth
};

}  // namespace innkeeper::store::sqlite
