#include "store/sqlite/sqlite_connection.h"

#include <algorithm>
#include <exception>

#include "store/sqlite/sqlite_error.h"

namespace innkeeper::store::sqlite {

namespace {

int note_wal_pages(void* pages, sqlite3* /*db*/, const char* /*schema*/, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

SqliteConnection::SqliteConnection(const Options& options, Access access,
                                   std::chrono::milliseconds patience)
    : m_file(options.file.string()),
      m_access(access),
      m_wait(patience),
      m_db(open_handle(options, access, m_wait)),
      m_identity(identity_of(options.file)) {
  // In the place of SQLite's own hook, which would make a checkpoint right there.
  if (access == Access::write) sqlite3_wal_hook(m_db.get(), note_wal_pages, &m_wal_pages);
}

SqliteConnection::~SqliteConnection() {
  m_statements.clear();
  if (m_access != Access::write || !m_usable) return;
  // Statistics for the planner, where they are worth it; nobody waits for that.
  sqlite3_busy_timeout(m_db.get(), 0);
  sqlite3_exec(m_db.get(), "PRAGMA optimize", nullptr, nullptr, nullptr);
}

void SqliteConnection::fail(int code) {
  StoreError error = error_of(m_db.get(), code, m_file);
  if (spoils_connection(error.kind())) m_usable = false;
  if (m_depth > 0 && sqlite3_get_autocommit(m_db.get()) != 0 && !m_undone) m_undone = error;
  throw error;
}

template <class Take>
void SqliteConnection::run(std::string_view sql, std::span<const Value> parameters, Take take) {
  if (m_undone) throw StoreError(*m_undone);
  int code = SQLITE_OK;
  sqlite3_stmt* const statement = m_statements.prepare(m_db.get(), sql, code);
  if (statement == nullptr) fail(code == SQLITE_OK ? SQLITE_MISUSE : code);
  Run run(statement, parameters);
  if (run.bound() != SQLITE_OK) fail(run.bound());
  while ((code = run.step()) == SQLITE_ROW) take(run);
  if (code != SQLITE_DONE) fail(code);
}

Rows SqliteConnection::query(std::string_view sql, std::span<const Value> parameters) {
  Rows rows;
  run(sql, parameters, [&rows](const Run& run) { rows.push_back(run.row()); });
  return rows;
}

std::int64_t SqliteConnection::execute(std::string_view sql, std::span<const Value> parameters) {
  run(sql, parameters, [](const Run&) {});
  return sqlite3_changes64(m_db.get());
}

void SqliteConnection::run_plain(const std::string& sql) {
  run(sql, {}, [](const Run&) {});
}

std::string SqliteConnection::savepoint(std::size_t depth) {
  return "innkeeper_" + std::to_string(depth);
}

void SqliteConnection::begin() {
  if (m_depth > 0) {
    run_plain("SAVEPOINT " + savepoint(m_depth));
  } else {
    run_plain(m_access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
  }
  ++m_depth;
}

void SqliteConnection::commit() {
  if (m_depth == 0) {
    throw StoreError(StoreError::Kind::misuse, describe() + ": a commit without a transaction");
  }
  try {
    run_plain(m_depth == 1 ? "COMMIT" : "RELEASE " + savepoint(m_depth - 1));
  } catch (const StoreError&) {
    rollback();
    throw;
  }
  --m_depth;
  if (m_depth == 0) return announce();
  // What was to follow the savepoint now follows what is around it.
  for (auto& [depth, done] : m_after_commit) depth = std::min(depth, m_depth);
}

void SqliteConnection::rollback() noexcept {
  if (m_depth == 0) return;
  const auto undo = [this](const std::string& sql) {
    if (sqlite3_exec(m_db.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      m_usable = false;
  };
  if (!m_undone && m_depth == 1) undo("ROLLBACK");
  if (!m_undone && m_depth > 1) {
    undo("ROLLBACK TO " + savepoint(m_depth - 1));
    undo("RELEASE " + savepoint(m_depth - 1));
  }
  std::erase_if(m_after_commit, [this](const auto& entry) { return entry.first >= m_depth; });
  if (--m_depth == 0) m_undone.reset();
}

void SqliteConnection::after_commit(std::function<void()> done) {
  if (m_depth == 0) return done();
  m_after_commit.emplace_back(m_depth, std::move(done));
}

// Everyone is told, whatever one of them throws; the first complaint is passed on.
void SqliteConnection::announce() {
  std::exception_ptr complaint;
  const auto callbacks = std::exchange(m_after_commit, {});
  for (const auto& [depth, done] : callbacks) {
    try {
      done();
    } catch (...) {
      if (!complaint) complaint = std::current_exception();
    }
  }
  if (complaint) std::rethrow_exception(complaint);
}

void SqliteConnection::checkpoint() noexcept {
  // A connection that has read nothing yet does not know that there is a log.
  sqlite3_exec(m_db.get(), "PRAGMA user_version", nullptr, nullptr, nullptr);
  sqlite3_wal_checkpoint_v2(m_db.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void SqliteConnection::end_lease() noexcept {
  while (m_depth > 0) rollback();
}

}  // namespace innkeeper::store::sqlite
