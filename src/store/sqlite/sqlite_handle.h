// SQLite's handles as values that close themselves, and how a connection is set up.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <sqlite3.h>
#include <sys/types.h>

#include "store/connection.h"
#include "store/sqlite/busy_wait.h"
#include "store/sqlite/sqlite_database.h"

namespace innkeeper::store::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// Which file it is: another one under the same name is another database.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
// Nothing where there is no such file. One stat(2).
std::optional<FileIdentity> identity_of(const std::filesystem::path& file);

// A connection with its settings (docs/decisions/0007-sqlite-settings.md) and the function
// innkeeper_ip. The file is made, 0600, where `options.create` says so and `access` is write.
// `wait`, which outlives it, says how long it waits for locks. Throws StoreError.
DatabaseHandle open_handle(const Options& options, Access access, BusyWait& wait);

}  // namespace innkeeper::store::sqlite
