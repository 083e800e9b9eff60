// Prepared statements of one connection, kept by their text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sqlite/sqlite_handle.h"
#include "store/value.h"

namespace innkeeper::store::sqlite {

// A statement in use: bound, not yet stepped; reset when it goes, so that its read lock goes too.
class Run {
 public:
  Run(sqlite3_stmt* statement, std::span<const Value> parameters);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { sqlite3_reset(m_statement); }
  // SQLITE_ROW, SQLITE_DONE, or what went wrong.
  int step() { return sqlite3_step(m_statement); }
  // The row that step() stands on.
  Row row() const;
  // SQLITE_OK, or why a parameter could not be bound.
  int bound() const { return m_bound; }

 private:
  int bind(int place, const Value& value);
  sqlite3_stmt* m_statement;
  int m_bound = SQLITE_OK;
};

class StatementCache {
 public:
  // More than the engine has; lists of ids in a filter make new ones, which must not pile up.
  static constexpr std::size_t capacity = 128;

  // The statement of `sql`, prepared at first use; null with `code` set where SQLite refuses it.
  sqlite3_stmt* prepare(sqlite3* db, std::string_view sql, int& code);
  void clear() { m_statements.clear(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  struct Entry {
    StatementHandle handle;
    std::uint64_t used;
  };
  void drop_oldest();
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> m_statements;
  std::uint64_t m_uses = 0;
};

}  // namespace innkeeper::store::sqlite
