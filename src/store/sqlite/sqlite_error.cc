#include "store/sqlite/sqlite_error.h"

#include <cerrno>
#include <string_view>

#include <sqlite3.h>

namespace innkeeper::store::sqlite {

namespace {

using Kind = StoreError::Kind;

bool is_out_of_room(sqlite3* db, int code) {
  if (code == SQLITE_FULL) return true;
  const int system = db == nullptr ? 0 : sqlite3_system_errno(db);
  return (code & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT);
}

bool names_missing_table(std::string_view words) {
  return words.starts_with("no such table") || words.starts_with("no such column") ||
         words.find("has no column named") != std::string_view::npos;
}

Kind kind_of(sqlite3* db, int code, std::string_view words) {
  if (is_out_of_room(db, code)) return Kind::full;
  if (code == SQLITE_READONLY_DBMOVED) return Kind::unavailable;
  // Even a reader has to make the files beside the database (-wal, -shm) where nobody else has.
  if ((code & 0xff) == SQLITE_CANTOPEN && db != nullptr && sqlite3_db_readonly(db, "main") == 1) {
    return Kind::read_only;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::locked;
    case SQLITE_READONLY:
      return Kind::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Kind::corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return Kind::constraint;
    case SQLITE_ERROR:
      return names_missing_table(words) ? Kind::missing : Kind::misuse;
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
      return Kind::misuse;
    default:
      return Kind::unavailable;
  }
}

const char* advice(Kind kind) {
  switch (kind) {
    case Kind::locked:
      return "is locked by another connection for longer than the waiting limit: look for a "
             "program that "
             "holds a transaction open on it";
    case Kind::read_only:
      return "cannot be written: give this user write access to the file and to its folder";
    case Kind::full:
      return "has no room to grow: free space on its device";
    case Kind::missing:
      return "lacks tables of this program: run `innkeeper migrate`";
    case Kind::corrupt:
      return "is not a SQLite database or is damaged: restore it from a backup, or name the right "
             "file";
    case Kind::constraint:
      return "refused a row";
    case Kind::misuse:
      return "was given a statement that it does not understand";
    default:
      return "cannot be opened or read: check its path, its device and this user's access";
  }
}

}  // namespace

StoreError error_of(sqlite3* db, int code, const std::string& file) {
  const std::string words =
      db != nullptr && sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const Kind kind = kind_of(db, code, words);
  // A disk that failed while a commit was on its way may have kept it.
  const Outcome outcome =
      (code & 0xff) == SQLITE_IOERR && kind != Kind::full ? Outcome::in_doubt : Outcome::not_done;
  return StoreError(kind, "sqlite " + file + ' ' + advice(kind) + " (" + words + ")", outcome);
}

bool spoils_connection(StoreError::Kind kind) {
  return kind == Kind::unavailable || kind == Kind::corrupt;
}

}  // namespace innkeeper::store::sqlite
