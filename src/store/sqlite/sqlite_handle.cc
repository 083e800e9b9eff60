#include "store/sqlite/sqlite_handle.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/dialect.h"
#include "store/sqlite/sqlite_error.h"

namespace innkeeper::store::sqlite {

namespace {

void ip_digits_function(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const unsigned char* text = sqlite3_value_text(arguments[0]);
  if (text == nullptr) return sqlite3_result_null(context);
  const auto length = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
  const auto digits = ip_digits({reinterpret_cast<const char*>(text), length});
  if (!digits) return sqlite3_result_null(context);
  sqlite3_result_text(context, digits->data(), static_cast<int>(digits->size()), SQLITE_TRANSIENT);
}

void check(sqlite3* db, int code, const std::string& file) {
  if (code != SQLITE_OK) throw error_of(db, code, file);
}

void run(sqlite3* db, const std::string& sql, const std::string& file) {
  check(db, sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), file);
}

// Makes an empty file that nobody else can read; SQLite gives its -wal and -shm the same mode.
void make_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    const int reason = errno;
    throw StoreError(reason == ENOSPC  ? StoreError::Kind::full
                     : reason == EROFS ? StoreError::Kind::read_only
                                       : StoreError::Kind::unavailable,
                     "sqlite " + path.string() + " cannot be made (" + std::strerror(reason) +
                         "): check that its folder is there and that this user may write to it");
  }
  ::close(file);
}

void find_file(const Options& options, Access access) {
  if (identity_of(options.file)) return;
  if (options.create && access == Access::write) return make_file(options.file);
  throw StoreError(StoreError::Kind::missing, "sqlite " + options.file.string() +
                                                  " does not exist: run `innkeeper migrate`, or "
                                                  "name the right file");
}

// `wait` is the connection's BusyWait. 0: no more waiting.
int wait_a_millisecond(void* wait, int calls) {
  if (!static_cast<BusyWait*>(wait)->goes_on(calls, std::chrono::steady_clock::now())) return 0;
  sqlite3_sleep(1);
  return 1;
}

// SQLite does not ask its busy handler where several openers of a new file switch it to WAL at
// once, or where another closes it: it says busy at once. No transaction is open yet, so asking
// again is safe.
void switch_to_wal(sqlite3* db, BusyWait& wait, const std::string& file) {
  constexpr const char* statement = "PRAGMA journal_mode = WAL";
  int code = sqlite3_exec(db, statement, nullptr, nullptr, nullptr);
  for (int calls = 0; (code & 0xff) == SQLITE_BUSY; ++calls) {
    if (wait_a_millisecond(&wait, calls) == 0) break;
    code = sqlite3_exec(db, statement, nullptr, nullptr, nullptr);
  }
  check(db, code, file);
}

void set_up_writer(sqlite3* db, const Options& options, BusyWait& wait, const std::string& file) {
  if (sqlite3_db_readonly(db, "main") == 1) throw error_of(nullptr, SQLITE_READONLY, file);
  switch_to_wal(db, wait, file);
  run(db, options.sync_every_commit ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
      file);
  run(db, "PRAGMA secure_delete = FAST", file);
  run(db, "PRAGMA analysis_limit = 400", file);
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

DatabaseHandle open_handle(const Options& options, Access access, BusyWait& wait) {
  find_file(options, access);
  const std::string file = options.file.string();
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(options.file.c_str(), &raw, flags, nullptr);
  DatabaseHandle handle(raw);
  check(raw, code, file);
  // SQLite's own waiting looks only every 100 ms after a while, and so misses the moments between
  // the batches of another process's purge for seconds. This looks every millisecond.
  sqlite3_busy_handler(raw, wait_a_millisecond, &wait);
  check(raw,
        sqlite3_create_function_v2(raw, ip_function, 1,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                   ip_digits_function, nullptr, nullptr, nullptr),
        file);
  // A column that is not there is an error: "passwrod" must not be read as a text.
  check(raw, sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr), file);
  run(raw, "PRAGMA foreign_keys = ON", file);
  run(raw, "PRAGMA temp_store = MEMORY", file);
  if (access == Access::write) {
    set_up_writer(raw, options, wait, file);
  } else {
    run(raw, "PRAGMA query_only = ON", file);
  }
  return handle;
}

}  // namespace innkeeper::store::sqlite
