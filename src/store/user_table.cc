#include "store/user_table.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "store/ddl.h"
#include "store/dialect.h"

namespace innkeeper::store {

namespace {

bool is_plain(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (name.empty() || !letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '$'; });
}

void check_name(const std::string& name, const char* setting, bool required) {
  if (name.empty() && !required) return;
  if (!is_plain(name)) {
    throw ConfigError(std::string(setting) +
                      ": a table or column is named with letters, digits, _ and $, not '" + name +
                      "'");
  }
}

enum class Needed { always, to_sign_in, never };
struct NamedColumn {
  const char* setting;
  std::string UserColumns::*column;
  Needed needed;
};
constexpr NamedColumn named_columns[] = {
    {"USER_COLUMN_ID", &UserColumns::id, Needed::always},
    {"USER_COLUMN_USERNAME", &UserColumns::username, Needed::to_sign_in},
    {"USER_COLUMN_PASSWORD", &UserColumns::password, Needed::to_sign_in},
    {"USER_COLUMN_EMAIL", &UserColumns::email, Needed::never},
    {"USER_COLUMN_FIRST_NAME", &UserColumns::first_name, Needed::never},
    {"USER_COLUMN_LAST_NAME", &UserColumns::last_name, Needed::never},
    {"USER_COLUMN_IS_ACTIVE", &UserColumns::is_active, Needed::never},
    {"USER_COLUMN_IS_STAFF", &UserColumns::is_staff, Needed::never},
    {"USER_COLUMN_IS_SUPERUSER", &UserColumns::is_superuser, Needed::never},
    {"USER_COLUMN_LAST_LOGIN", &UserColumns::last_login, Needed::never},
    {"USER_COLUMN_DATE_JOINED", &UserColumns::date_joined, Needed::never},
};

// The columns read for a User, in the order of read_user; 'NULL' where the model has none.
std::string select_columns(Dialect dialect, const UserColumns& columns) {
  std::string list;
  for (const NamedColumn& named : named_columns) {
    const std::string& name = columns.*named.column;
    if (!list.empty()) list += ", ";
    list += name.empty() ? "NULL" : quoted(dialect, name);
  }
  return list;
}

// " has no …, which the setting … names", for the first name that the database does not know.
std::string what_is_missing(Connection& connection, const UserColumns& columns) {
  const std::set<std::string> there = column_names(connection, columns.table);
  if (there.empty())
    return " has no table " + columns.table + ", which the setting USER_TABLE names";
  for (const NamedColumn& named : named_columns) {
    const std::string& name = columns.*named.column;
    if (name.empty() || there.contains(column_name(connection.dialect(), name))) continue;
    return " has no column " + name + " in table " + columns.table + ", which the setting " +
           named.setting + " names";
  }
  return " cannot read table " + columns.table + ", which the setting USER_TABLE names";
}

std::optional<Time> time_or_nothing(const Value& value, std::string_view column) {
  if (is_null(value)) return std::nullopt;
  return as_time(value, column);
}

user::User read_user(const Row& row, const UserColumns& columns) {
  user::User user;
  user.id = user_id(row.at(0), columns.key_type, columns.id).value_or("");
  user.username = text_or_empty(row.at(1), columns.username);
  user.password = Secret(text_or_empty(row.at(2), columns.password));
  user.email = text_or_empty(row.at(3), columns.email);
  user.first_name = text_or_empty(row.at(4), columns.first_name);
  user.last_name = text_or_empty(row.at(5), columns.last_name);
  // A model without the column has no inactive users, and no staff.
  user.is_active = columns.is_active.empty() || as_bool(row.at(6), columns.is_active);
  user.is_staff = !columns.is_staff.empty() && as_bool(row.at(7), columns.is_staff);
  user.is_superuser = !columns.is_superuser.empty() && as_bool(row.at(8), columns.is_superuser);
  user.last_login = time_or_nothing(row.at(9), columns.last_login);
  user.date_joined = time_or_nothing(row.at(10), columns.date_joined);
  return user;
}

std::string select_users(Dialect dialect, const UserColumns& columns) {
  return "SELECT " + select_columns(dialect, columns) + " FROM " + quoted(dialect, columns.table) +
         " WHERE ";
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string lower(std::string_view text) {
  std::string letters(text);
  std::transform(letters.begin(), letters.end(), letters.begin(), small);
  return letters;
}

// How a name that starts with `text` is mostly spelled, each once.
std::set<std::string> spellings_of(std::string_view text) {
  const std::string low = lower(text);
  std::string first = low, all = low;
  if (!first.empty()) first.front() = capital(first.front());
  std::transform(all.begin(), all.end(), all.begin(), capital);
  return {std::string(text), low, first, all};
}

// "text%" for LIKE with ESCAPE '!'.
std::string prefix_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + '%';
}

// A condition that the column starts with a pattern in small letters. SQLite's LIKE ignores the
// case of ASCII by itself, in half the time.
std::string starts(Dialect dialect, const std::string& column) {
  const std::string name = quoted(dialect, column);
  return (dialect == Dialect::sqlite ? name : "LOWER(" + name + ')') + " LIKE ? ESCAPE '!'";
}

// A condition that the column starts with exactly `text`, for which its index is used. SQLite
// compares bytes, and its LIKE takes no index; MariaDB mostly ignores case by its collation;
// PostgreSQL takes the index for LIKE that Django makes beside a unique one.
std::string spelled(Dialect dialect, const std::string& column, const std::string& text,
                    std::vector<Value>& values) {
  const std::string name = quoted(dialect, column);
  if (dialect != Dialect::sqlite) {
    values.emplace_back(prefix_pattern(text));
    return name + " LIKE ? ESCAPE '!'";
  }
  values.emplace_back(text);
  values.emplace_back(text + "\xf4\x8f\xbf\xbf");  // the last character of all
  return '(' + name + " >= ? AND " + name + " < ?)";
}

Value time_value(const std::optional<Time>& time) { return time ? Value(*time) : Value(Null{}); }

}  // namespace

void check_names(const UserColumns& columns, UsersOf whose) {
  check_name(columns.table, "USER_TABLE", true);
  for (const NamedColumn& named : named_columns) {
    const bool required = named.needed == Needed::always ||
                          (named.needed == Needed::to_sign_in && whose != UsersOf::host);
    check_name(columns.*named.column, named.setting, required);
  }
}

void UserTable::check() {
  try {
    m_connection.query(select_users(m_connection.dialect(), m_columns) + "1 = 0", {});
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::missing && error.kind() != StoreError::Kind::misuse)
      throw;
    throw StoreError(StoreError::Kind::missing, m_connection.describe() +
                                                    what_is_missing(m_connection, m_columns) +
                                                    ": set it after the table of the site's users");
  }
}

std::optional<user::User> UserTable::find(std::string_view id) {
  const Dialect dialect = m_connection.dialect();
  const auto key = user_key(dialect, m_columns.key_type, id);
  if (!key) return std::nullopt;
  const Rows rows = m_connection.query(
      select_users(dialect, m_columns) + quoted(dialect, m_columns.id) + " = ?", {&*key, 1});
  if (rows.empty()) return std::nullopt;
  return read_user(rows.front(), m_columns);
}

bool UserTable::has(std::string_view id) {
  const Dialect dialect = m_connection.dialect();
  const auto key = user_key(dialect, m_columns.key_type, id);
  if (!key) return false;
  return !m_connection
              .query("SELECT 1 FROM " + quoted(dialect, m_columns.table) + " WHERE " +
                         quoted(dialect, m_columns.id) + " = ?",
                     {&*key, 1})
              .empty();
}

std::optional<user::User> UserTable::find_by_username(std::string_view username) {
  const Dialect dialect = m_connection.dialect();
  const Value name = std::string(username);
  const Rows rows = m_connection.query(
      select_users(dialect, m_columns) + quoted(dialect, m_columns.username) + " = ?", {&name, 1});
  if (rows.empty()) return std::nullopt;
  return read_user(rows.front(), m_columns);
}

std::vector<user::User> UserTable::find_all(std::span<const std::string> ids) {
  const Dialect dialect = m_connection.dialect();
  std::vector<Value> keys, values;
  for (const std::string& id : ids) {
    if (auto key = user_key(dialect, m_columns.key_type, id)) keys.push_back(*std::move(key));
  }
  if (keys.empty()) return {};
  const std::string sql = select_users(dialect, m_columns) + quoted(dialect, m_columns.id) +
                          " IN (" + places(keys.size()) + ")";
  add_padded(values, std::move(keys));
  std::vector<user::User> users;
  for (const Row& row : m_connection.query(sql, values)) users.push_back(read_user(row, m_columns));
  return users;
}

FoundUsers UserTable::search(std::string_view text, int limit, int reach) {
  FoundUsers found{.ids = search_spellings(text, limit)};
  if (std::ssize(found.ids) >= limit) return found;
  const Dialect dialect = m_connection.dialect();
  std::string condition = starts(dialect, m_columns.username);
  std::vector<Value> values{prefix_pattern(lower(text))};
  if (!m_columns.email.empty()) {
    condition = '(' + condition + " OR " + starts(dialect, m_columns.email) + ')';
    values.push_back(values.front());
  }
  if (auto beyond = first_beyond(reach)) {
    found.only_newest = true;
    condition += " AND " + quoted(dialect, m_columns.id) + " > ?";
    values.push_back(*std::move(beyond));
  }
  // Those that are known already may come once more.
  for (std::string& id : ids_where(condition, std::move(values), limit)) {
    const bool is_known = std::find(found.ids.begin(), found.ids.end(), id) != found.ids.end();
    if (!is_known && std::ssize(found.ids) < limit) found.ids.push_back(std::move(id));
  }
  return found;
}

std::vector<std::string> UserTable::search_spellings(std::string_view text, int limit) {
  const Dialect dialect = m_connection.dialect();
  std::string condition;
  std::vector<Value> values;
  for (const std::string& spelling : spellings_of(text)) {
    if (!condition.empty()) condition += " OR ";
    condition += spelled(dialect, m_columns.username, spelling, values);
  }
  return ids_where(condition, std::move(values), limit);
}

std::optional<Value> UserTable::first_beyond(int reach) {
  const Dialect dialect = m_connection.dialect();
  const std::string key = quoted(dialect, m_columns.id);
  const Value count = std::int64_t{reach};
  const Rows rows =
      m_connection.query("SELECT " + key + " FROM " + quoted(dialect, m_columns.table) +
                             " ORDER BY " + key + " DESC LIMIT 1 OFFSET ?",
                         {&count, 1});
  if (rows.empty()) return std::nullopt;
  const auto id = user_id(rows.front().at(0), m_columns.key_type, m_columns.id);
  return id ? user_key(dialect, m_columns.key_type, *id) : std::nullopt;
}

std::vector<std::string> UserTable::ids_where(const std::string& condition,
                                              std::vector<Value> values, int limit) {
  const Dialect dialect = m_connection.dialect();
  values.emplace_back(std::int64_t{limit});
  std::vector<std::string> ids;
  for (const Row& row :
       m_connection.query("SELECT " + quoted(dialect, m_columns.id) + " FROM " +
                              quoted(dialect, m_columns.table) + " WHERE " + condition + " LIMIT ?",
                          values)) {
    if (auto id = user_id(row.at(0), m_columns.key_type, m_columns.id))
      ids.push_back(*std::move(id));
  }
  return ids;
}

std::string UserTable::create(const user::User& user, Time now) {
  const Dialect dialect = m_connection.dialect();
  std::string names;
  std::vector<Value> values;
  const auto column = [&](const std::string& name, Value value) {
    if (name.empty()) return;
    names += (names.empty() ? "" : ", ") + quoted(dialect, name);
    values.push_back(std::move(value));
  };
  if (m_columns.key_type != KeyType::integer) {
    auto key = user_key(dialect, m_columns.key_type, user.id);
    if (!key || user.id.empty()) {
      throw StoreError(StoreError::Kind::misuse,
                       "a new user needs an id: " + m_columns.table + " does not number its rows");
    }
    column(m_columns.id, *std::move(key));
  }
  column(m_columns.username, user.username);
  column(m_columns.password, std::string(user.password.reveal()));
  column(m_columns.email, user.email);
  column(m_columns.first_name, user.first_name);
  column(m_columns.last_name, user.last_name);
  column(m_columns.is_active, user.is_active);
  column(m_columns.is_staff, user.is_staff);
  column(m_columns.is_superuser, user.is_superuser);
  column(m_columns.last_login, time_value(user.last_login));
  column(m_columns.date_joined, user.date_joined.value_or(now));
  std::string marks = "?";
  for (std::size_t i = 1; i < values.size(); ++i) marks += ", ?";
  const Rows rows =
      m_connection.query("INSERT INTO " + quoted(dialect, m_columns.table) + " (" + names +
                             ") VALUES (" + marks + ") RETURNING " + quoted(dialect, m_columns.id),
                         values);
  return user_id(rows.at(0).at(0), m_columns.key_type, m_columns.id).value_or("");
}

namespace {

void set_column(Connection& connection, const UserColumns& columns, std::string_view id,
                const std::string& column, Value value) {
  const Dialect dialect = connection.dialect();
  auto key = user_key(dialect, columns.key_type, id);
  if (column.empty() || !key) return;
  const std::vector<Value> values{std::move(value), *std::move(key)};
  connection.execute("UPDATE " + quoted(dialect, columns.table) + " SET " +
                         quoted(dialect, column) + " = ? WHERE " + quoted(dialect, columns.id) +
                         " = ?",
                     values);
}

}  // namespace

std::vector<Secret> UserTable::some_passwords(int limit) {
  const Dialect dialect = m_connection.dialect();
  const Value count = std::int64_t{limit};
  std::vector<Secret> passwords;
  for (const Row& row :
       m_connection.query("SELECT " + quoted(dialect, m_columns.password) + " FROM " +
                              quoted(dialect, m_columns.table) + " ORDER BY " +
                              quoted(dialect, m_columns.id) + " DESC LIMIT ?",
                          {&count, 1})) {
    passwords.emplace_back(text_or_empty(row.at(0), m_columns.password));
  }
  return passwords;
}

bool UserTable::replace_password(std::string_view id, const Secret& old, const Secret& encoded) {
  const Dialect dialect = m_connection.dialect();
  auto key = user_key(dialect, m_columns.key_type, id);
  if (!key) return false;
  const std::string password = quoted(dialect, m_columns.password);
  const std::vector<Value> values{std::string(encoded.reveal()), *std::move(key),
                                  std::string(old.reveal())};
  return m_connection.execute("UPDATE " + quoted(dialect, m_columns.table) + " SET " + password +
                                  " = ? WHERE " + quoted(dialect, m_columns.id) + " = ? AND " +
                                  password + " = ?",
                              values) > 0;
}

void UserTable::set_password(std::string_view id, const Secret& encoded) {
  set_column(m_connection, m_columns, id, m_columns.password, std::string(encoded.reveal()));
}

void UserTable::set_last_login(std::string_view id, Time now) {
  set_column(m_connection, m_columns, id, m_columns.last_login, now);
}

}  // namespace innkeeper::store
