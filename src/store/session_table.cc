#include "store/session_table.h"

#include <iterator>

#include "base/error.h"
#include "store/dialect.h"
#include "store/session_filter.h"

namespace innkeeper::store {

namespace {

// The id as the column holds it, null for a visitor.
Value owner_value(Dialect dialect, KeyType type, const std::optional<UserId>& id) {
  if (!id) return Null{};
  if (auto key = user_key(dialect, type, *id)) return *std::move(key);
  throw StoreError(StoreError::Kind::constraint,
                   "the owner of a session is not a key of the user table (its setting: "
                   "USER_KEY_TYPE)");
}

Value address_value(const std::optional<IpAddress>& address) {
  return address ? Value(*address) : Value(Null{});
}

// Keys of a bounded batch; wrapped, because MariaDB takes no LIMIT in the list of an IN itself.
std::string in_batch(const std::string& select) {
  return "session_key IN (SELECT session_key FROM (" + select + ") AS batch)";
}

// "session_key IN (…)"; the keys go to the end of `values`.
std::string is_one_of(std::vector<Value> keys, std::vector<Value>& values) {
  const std::string list = places(keys.size());
  add_padded(values, std::move(keys));
  return "session_key IN (" + list + ")";
}

// Parameters: a moment, those of `more`, and how many.
std::string oldest_by(const std::string& column, const std::string& more = {},
                      const std::string& columns = "session_key") {
  return "SELECT " + columns + " FROM innkeeper_session WHERE " + column + " <= ?" + more +
         " ORDER BY " + column + ", session_key LIMIT ?";
}

// A moment, what the condition between the two has, and the moment again.
const char* const note_expired =
    "INSERT INTO innkeeper_ended (session_key, user_id, ip, user_agent, created_at, ended_at, "
    "reason, actor) SELECT session_key, user_id, ip, user_agent, created_at, ?, 'expired', '' "
    "FROM innkeeper_session WHERE ";
const char* const who_is_noted = " AND (user_id IS NOT NULL OR expire_date > ?)";

}  // namespace

std::optional<SessionRecord> SessionTable::find(const SessionId& id) { return read(id, {}); }

std::optional<SessionRecord> SessionTable::find_latest(const SessionId& id) {
  return read(id, read_latest(m_connection.dialect()));
}

std::optional<SessionRecord> SessionTable::read(const SessionId& id, std::string_view how) {
  std::string sql =
      "SELECT session_data, expire_date, user_id, ip, user_agent, client_hints, created_at, "
      "updated_at, last_activity, version FROM innkeeper_session WHERE session_key = ?";
  const Value key = id.text();
  Rows rows = m_connection.query(sql.append(how), {&key, 1});
  if (rows.empty()) return std::nullopt;
  Row& row = rows.front();
  SessionRecord record{id, {}, as_time(row.at(1), "expire_date"), {}, {}, {}, {}, {}, 1};
  record.data = std::holds_alternative<std::string>(row.at(0))
                    ? std::move(std::get<std::string>(row.at(0)))
                    : as_text(row.at(0), "session_data");
  record.user_id = user_id(row.at(2), m_user_key, "user_id");
  record.client.ip = as_ip(row.at(3), "ip");
  record.client.user_agent = text_or_empty(row.at(4), "user_agent");
  record.client.client_hints = text_or_empty(row.at(5), "client_hints");
  record.created_at = as_time(row.at(6), "created_at");
  record.updated_at = as_time(row.at(7), "updated_at");
  record.last_activity = as_time(row.at(8), "last_activity");
  record.version = as_integer(row.at(9), "version");
  return record;
}

std::vector<std::pair<SessionId, std::int64_t>> SessionTable::versions(
    std::span<const SessionId> ids) {
  constexpr std::size_t at_once = 256;
  std::vector<std::pair<SessionId, std::int64_t>> versions;
  for (std::size_t done = 0; done < ids.size(); done += at_once) {
    std::vector<Value> keys, values;
    for (const SessionId& id : ids.subspan(done, std::min(at_once, ids.size() - done)))
      keys.emplace_back(id.text());
    const std::string these = is_one_of(std::move(keys), values);
    for (const Row& row : m_connection.query(
             "SELECT session_key, version FROM innkeeper_session WHERE " + these, values))
      versions.emplace_back(as_session_id(row.at(0), "session_key"),
                            as_integer(row.at(1), "version"));
  }
  return versions;
}

void SessionTable::insert(const SessionRecord& record) {
  const std::vector<Value> values{record.id.text(),
                                  record.expire_date,
                                  owner_value(m_connection.dialect(), m_user_key, record.user_id),
                                  address_value(record.client.ip),
                                  record.client.user_agent,
                                  record.client.client_hints,
                                  record.created_at,
                                  record.updated_at,
                                  record.last_activity,
                                  record.version,
                                  record.data};
  m_connection.execute(
      "INSERT INTO innkeeper_session (session_key, expire_date, user_id, ip, user_agent, "
      "client_hints, created_at, updated_at, last_activity, version, session_data) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      values);
}

bool SessionTable::update(const SessionRecord& record, const std::optional<SavedBase>& base) {
  std::vector<Value> values{record.data,
                            record.expire_date,
                            owner_value(m_connection.dialect(), m_user_key, record.user_id),
                            record.updated_at,
                            record.id.text(),
                            record.version};
  std::string sql =
      "UPDATE innkeeper_session SET session_data = ?, expire_date = ?, user_id = ?, "
      "updated_at = ?, version = version + 1 WHERE session_key = ? AND version = ?";
  const auto require = [&](std::string_view column, const char* comparison, Time moment) {
    sql += " AND " + unindexed(m_connection.dialect(), column) + comparison;
    values.emplace_back(moment);
  };
  if (base) require("expire_date", " >= ?", base->expire_date);
  if (base && base->moments) {
    require("updated_at", " = ?", base->moments->updated_at);
    require("last_activity", " >= ?", base->moments->last_activity);
  }
  return m_connection.execute(sql, values) > 0;
}

bool SessionTable::touch(const SessionId& id, const std::optional<session::Client>& client,
                         Time last_activity, std::optional<Time> unless_after) {
  std::string sql =
      "UPDATE innkeeper_session SET last_activity = "
      "CASE WHEN last_activity < ? THEN ? ELSE last_activity END";
  std::vector<Value> values{last_activity, last_activity};
  if (client) {
    sql += ", ip = ?, user_agent = ?, client_hints = ?";
    values.push_back(address_value(client->ip));
    values.emplace_back(client->user_agent);
    values.emplace_back(client->client_hints);
  }
  values.emplace_back(id.text());
  sql += " WHERE session_key = ?";
  if (unless_after) {
    sql += " AND " + unindexed(m_connection.dialect(), "last_activity") + " <= ?";
    values.emplace_back(*unless_after);
  }
  return m_connection.execute(sql, values) > 0;
}

bool SessionTable::remove(const SessionId& id) {
  const Value key = id.text();
  return m_connection.execute("DELETE FROM innkeeper_session WHERE session_key = ?", {&key, 1}) > 0;
}

namespace {

constexpr const char* returning = " RETURNING session_key, user_id";

// Adds them to `removed`, if there is one, but for those whose key is no digest.
void read_removed(const Rows& rows, KeyType type, std::vector<RemovedSession>* removed) {
  if (removed == nullptr) return;
  removed->reserve(removed->size() + rows.size());
  for (const Row& row : rows) {
    if (auto id = SessionId::parse(as_text(row.at(0), "session_key")))
      removed->push_back({*std::move(id), user_id(row.at(1), type, "user_id")});
  }
}

}  // namespace

std::int64_t SessionTable::remove_some(const SessionFilter& filter, int limit,
                                       std::vector<RemovedSession>* removed) {
  Condition condition = where(m_connection.dialect(), m_user_key, filter, Walk::any);
  condition.values.emplace_back(std::int64_t{limit});
  const std::string batch = "SELECT session_key" + from_rows_that(condition) + " LIMIT ?";
  const bool one_statement = m_connection.dialect() != Dialect::mariadb;
  const Rows rows = m_connection.query(
      one_statement
          ? "DELETE FROM innkeeper_session WHERE " + in_batch(batch) + returning
          : "SELECT session_key, user_id" + from_rows_that(condition) + " LIMIT ? FOR UPDATE",
      condition.values);
  read_removed(rows, m_user_key, removed);
  const auto count = static_cast<std::int64_t>(rows.size());
  if (one_statement || rows.empty()) return count;
  // MySQL, which speaks MariaDB's dialect, gives nothing back from a DELETE.
  std::vector<Value> keys, values;
  for (const Row& row : rows) keys.push_back(row.at(0));
  const std::string these = is_one_of(std::move(keys), values);
  m_connection.execute("DELETE FROM innkeeper_session WHERE " + these, values);
  return count;
}

// Keys and users of a batch, its rows locked: a save may be prolonging one of them at this very
// moment, and is waited for. Two purges at once wait for each other in one order.
Rows SessionTable::lock_batch(Time now, std::optional<Seconds> idle_timeout, int limit) {
  const std::string named = "session_key, user_id", locked = " FOR UPDATE";
  Rows rows = m_connection.query(oldest_by("expire_date", "", named) + locked,
                                 std::vector<Value>{now, std::int64_t{limit}});
  const auto room = limit - static_cast<std::int64_t>(rows.size());
  if (!idle_timeout || room <= 0) return rows;
  Rows idle = m_connection.query(oldest_by("last_activity", " AND expire_date > ?", named) + locked,
                                 std::vector<Value>{now - *idle_timeout, now, room});
  std::move(idle.begin(), idle.end(), std::back_inserter(rows));
  return rows;
}

// Where there are several writers. By their keys: MariaDB would read the whole table for a DELETE
// with a subquery.
std::int64_t SessionTable::purge_locked(Time now, std::optional<Seconds> idle_timeout, int limit,
                                        std::vector<RemovedSession>* removed) {
  const Rows batch = lock_batch(now, idle_timeout, limit);
  if (batch.empty()) return 0;
  std::vector<Value> keys, values;
  for (const Row& row : batch) keys.push_back(row.at(0));
  const std::string condition = is_one_of(std::move(keys), values);
  read_removed(batch, m_user_key, removed);
  std::vector<Value> noted{now};
  noted.insert(noted.end(), values.begin(), values.end());
  noted.emplace_back(now);
  m_connection.execute(note_expired + condition + who_is_noted, noted);
  return m_connection.execute("DELETE FROM innkeeper_session WHERE " + condition, values);
}

std::int64_t SessionTable::purge_expired(Time now, std::optional<Seconds> idle_timeout, int limit,
                                         std::vector<RemovedSession>* removed) {
  // A save writes an expire_date no later than the absolute timeout allows, so created_at, which
  // has no index, need not be asked.
  if (m_connection.dialect() != Dialect::sqlite)
    return purge_locked(now, idle_timeout, limit, removed);
  std::string batch = oldest_by("expire_date");
  const Value rows = std::int64_t{limit};
  std::vector<Value> values{now, rows};
  if (idle_timeout) {
    batch = "SELECT session_key FROM (" + batch + ") AS ended UNION SELECT session_key FROM (" +
            oldest_by("last_activity") + ") AS idle LIMIT ?";
    values.insert(values.end(), {now - *idle_timeout, rows, rows});
  }
  // Where the date lies ahead (idle sessions) the trigger would call a visitor's row `removed`:
  // noted as well.
  std::vector<Value> noted{now};
  noted.insert(noted.end(), values.begin(), values.end());
  noted.emplace_back(now);
  m_connection.execute(note_expired + in_batch(batch) + who_is_noted, noted);
  const std::string removal = "DELETE FROM innkeeper_session WHERE " + in_batch(batch);
  if (removed == nullptr) return m_connection.execute(removal, values);
  const Rows gone = m_connection.query(removal + returning, values);
  read_removed(gone, m_user_key, removed);
  return static_cast<std::int64_t>(gone.size());
}

std::vector<session::Client> SessionTable::clients_of(const UserId& user, int limit) {
  std::vector<session::Client> clients;
  const auto key = user_key(m_connection.dialect(), m_user_key, user);
  if (!key) return clients;
  const std::vector<Value> values{*key, std::int64_t{limit}};
  for (const Row& row :
       m_connection.query("SELECT DISTINCT user_agent, client_hints FROM innkeeper_session "
                          "WHERE user_id = ? LIMIT ?",
                          values)) {
    clients.push_back(
        {{}, text_or_empty(row.at(0), "user_agent"), text_or_empty(row.at(1), "client_hints")});
  }
  return clients;
}

std::int64_t SessionTable::count(const SessionFilter& filter, std::int64_t limit) {
  return count_rows(m_connection, where(m_connection.dialect(), m_user_key, filter, Walk::any),
                    limit);
}

}  // namespace innkeeper::store
