#include "store/sqlite/sqlite_statement.h"

#include <algorithm>

namespace innkeeper::store::sqlite {

namespace {

Value read(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return Null{};
    default:
      // The order matters: asking for the bytes of a text converts nothing.
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return length == 0 ? std::string() : std::string(bytes, length);
  }
}

}  // namespace

Run::Run(sqlite3_stmt* statement, std::span<const Value> parameters) : m_statement(statement) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != parameters.size()) {
    m_bound = SQLITE_RANGE;
    return;
  }
  int place = 0;
  for (const Value& value : parameters) {
    m_bound = bind(++place, value);
    if (m_bound != SQLITE_OK) return;
  }
}

int Run::bind(int place, const Value& value) {
  const auto text = [&](const std::string& bytes, sqlite3_destructor_type lifetime) {
    return sqlite3_bind_text64(m_statement, place, bytes.data(), bytes.size(), lifetime,
                               SQLITE_UTF8);
  };
  // The parameters outlive the run, so their texts need not be copied.
  if (const auto* own = std::get_if<std::string>(&value)) return text(*own, SQLITE_STATIC);
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(m_statement, place, *number);
  }
  if (const auto* time = std::get_if<Time>(&value))
    return text(sqlite_time(*time), SQLITE_TRANSIENT);
  if (const auto* address = std::get_if<IpAddress>(&value)) {
    return text(address->to_string(), SQLITE_TRANSIENT);
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    return sqlite3_bind_int(m_statement, place, *flag ? 1 : 0);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return sqlite3_bind_double(m_statement, place, *real);
  }
  return sqlite3_bind_null(m_statement, place);
}

Row Run::row() const {
  const int count = sqlite3_column_count(m_statement);
  Row row;
  row.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) row.push_back(read(m_statement, column));
  return row;
}

sqlite3_stmt* StatementCache::prepare(sqlite3* db, std::string_view sql, int& code) {
  code = SQLITE_OK;
  const auto found = m_statements.find(sql);
  if (found != m_statements.end()) {
    found->second.used = ++m_uses;
    return found->second.handle.get();
  }
  sqlite3_stmt* raw = nullptr;
  code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                            &raw, nullptr);
  StatementHandle handle(raw);
  if (raw == nullptr) return nullptr;
  if (m_statements.size() >= capacity) drop_oldest();
  m_statements.emplace(std::string(sql), Entry{std::move(handle), ++m_uses});
  return raw;
}

void StatementCache::drop_oldest() {
  const auto oldest =
      std::min_element(m_statements.begin(), m_statements.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
  m_statements.erase(oldest);
}

}  // namespace innkeeper::store::sqlite
