#include "store/ended_table.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/error.h"
#include "store/dialect.h"

namespace innkeeper::store {

namespace {

constexpr std::array<std::pair<Reason, std::string_view>, 6> words{{
    {Reason::signed_out, "signed out"},
    {Reason::revoked, "revoked"},
    {Reason::expired, "expired"},
    {Reason::shortened, "shortened"},
    {Reason::removed, "removed"},
    {Reason::changed, "changed"},
}};

// How many ids or gaps go into one statement.
constexpr std::size_t chunk = 256;
constexpr std::size_t gaps_at_once = 64;

// A key of a row that was in the table before ours were digests has no place in a cache: it is
// passed over.
std::optional<SessionId> read_id(const Value& value) {
  return SessionId::parse(as_text(value, "session_key"));
}

EndedRecord read_record(const Row& row, SessionId id, KeyType type) {
  EndedRecord record{as_integer(row.at(0), "id"),
                     std::move(id),
                     user_id(row.at(2), type, "user_id"),
                     {},
                     {},
                     as_time(row.at(6), "ended_at"),
                     parse_reason(as_text(row.at(7), "reason")).value_or(Reason::removed),
                     as_text(row.at(8), "actor")};
  record.client.ip = as_ip(row.at(3), "ip");
  if (!is_null(row.at(4))) record.client.user_agent = as_text(row.at(4), "user_agent");
  if (!is_null(row.at(5))) record.created_at = as_time(row.at(5), "created_at");
  return record;
}

// Ranges of ids as one statement: a branch each, so that every one is a walk of the primary key and
// the whole comes in its order without being sorted. Filled up with empty ranges so that a few
// statements serve any number.
std::string ranges_statement(std::vector<FeedRange> ranges, int limit, std::vector<Value>& values) {
  ranges.resize(std::bit_ceil(ranges.size()), FeedRange{1, 0});
  std::string sql;
  for (const FeedRange& range : ranges) {
    if (!sql.empty()) sql += " UNION ALL ";
    sql +=
        "SELECT id, session_key, reason FROM innkeeper_ended WHERE id BETWEEN ? AND ? AND "
        "length(session_key) = 40";
    values.emplace_back(range.first);
    values.emplace_back(range.last);
  }
  values.emplace_back(std::int64_t{limit});
  return sql + " ORDER BY id LIMIT ?";
}

}  // namespace

std::string_view to_string(Reason reason) {
  for (const auto& [value, word] : words) {
    if (value == reason) return word;
  }
  return "removed";
}

std::optional<Reason> parse_reason(std::string_view text) {
  for (const auto& [value, word] : words) {
    if (word == text) return value;
  }
  return std::nullopt;
}

void EndedTable::explain(std::span<const SessionId> ids, Reason reason, std::string_view actor) {
  for (std::size_t done = 0; done < ids.size(); done += chunk) {
    std::vector<Value> keys;
    for (const SessionId& id : ids.subspan(done, std::min(chunk, ids.size() - done))) {
      keys.emplace_back(id.text());
    }
    const std::string list = places(keys.size());
    std::vector<Value> values{std::string(to_string(reason)), std::string(actor)};
    add_padded(values, std::move(keys));
    const std::string newest = "SELECT max(id) AS id FROM innkeeper_ended WHERE session_key IN (" +
                               list + ") AND reason = 'removed' GROUP BY session_key";
    const std::string update = "UPDATE innkeeper_ended SET reason = ?, actor = ? WHERE id IN (";
    if (m_connection.dialect() == Dialect::mariadb) {
      by_ids(update, newest, std::move(values));
    } else {
      m_connection.execute(update + "SELECT id FROM (" + newest + ") AS newest)", values);
    }
  }
}

// MariaDB would read the whole table for an UPDATE with a subquery.
void EndedTable::by_ids(const std::string& update, const std::string& select,
                        std::vector<Value> values) {
  const auto parameters = std::span<const Value>(values).subspan(2);
  std::vector<Value> ids;
  for (const Row& row : m_connection.query(select, parameters)) ids.push_back(row.at(0));
  if (ids.empty()) return;
  values.resize(2);
  const std::string list = places(ids.size());
  add_padded(values, std::move(ids));
  m_connection.execute(update + list + ')', values);
}

void EndedTable::note_changed(const SessionId& id, Time now) {
  const std::vector<Value> values{id.text(), now};
  m_connection.execute(
      "INSERT INTO innkeeper_ended (session_key, user_agent, ended_at, reason, actor) "
      "VALUES (?, '', ?, 'changed', '')",
      values);
}

void EndedTable::forget_changes(const SessionId& id, Time moment) {
  const std::string these = "session_key = ? AND reason = 'changed' AND " +
                            unindexed(m_connection.dialect(), "ended_at") + " < ?";
  const std::vector<Value> values{id.text(), moment};
  if (m_connection.dialect() != Dialect::mariadb) {
    m_connection.execute("DELETE FROM innkeeper_ended WHERE " + these, values);
    return;
  }
  // There a DELETE that finds nothing keeps others from inserting beside it (REPEATABLE READ).
  std::vector<Value> ids;
  for (const Row& row : m_connection.query("SELECT id FROM innkeeper_ended WHERE " + these, values))
    ids.push_back(row.at(0));
  if (ids.empty()) return;
  std::vector<Value> padded;
  const std::string list = places(ids.size());
  add_padded(padded, std::move(ids));
  m_connection.execute("DELETE FROM innkeeper_ended WHERE id IN (" + list + ')', padded);
}

std::vector<FeedRow> EndedTable::feed(std::int64_t after, std::span<const FeedRange> gaps,
                                      int limit) {
  std::vector<FeedRange> ranges(gaps.begin(), gaps.end());
  std::sort(ranges.begin(), ranges.end(),
            [](const FeedRange& left, const FeedRange& right) { return left.first < right.first; });
  ranges.push_back({after + 1, std::numeric_limits<std::int64_t>::max()});
  std::vector<FeedRow> feed;
  for (std::size_t done = 0; done < ranges.size(); done += gaps_at_once) {
    const auto first = ranges.begin() + static_cast<std::ptrdiff_t>(done);
    const auto count = std::min(gaps_at_once, ranges.size() - done);
    const int room = limit - static_cast<int>(feed.size());
    if (room <= 0) break;
    std::vector<Value> values;
    const std::string sql =
        ranges_statement({first, first + static_cast<std::ptrdiff_t>(count)}, room, values);
    for (const Row& row : m_connection.query(sql, values)) {
      if (auto id = read_id(row.at(1))) {
        const auto reason = parse_reason(as_text(row.at(2), "reason")).value_or(Reason::removed);
        feed.push_back({as_integer(row.at(0), "id"), *std::move(id), reason});
      }
    }
  }
  return feed;
}

std::optional<FeedRange> EndedTable::extent() {
  // Two looks at the ends of the primary key; together in one SELECT they would be a scan.
  const Rows rows = m_connection.query(
      "SELECT (SELECT min(id) FROM innkeeper_ended), (SELECT max(id) FROM innkeeper_ended)", {});
  if (is_null(rows.at(0).at(0))) return std::nullopt;
  return FeedRange{as_integer(rows[0][0], "id"), as_integer(rows[0].at(1), "id")};
}

std::int64_t EndedTable::last_before(Time moment) {
  // Backwards from the newest id: passes only what ended since `moment`, whatever the table holds.
  const Value value = moment;
  const Rows rows = m_connection.query("SELECT id FROM innkeeper_ended WHERE " +
                                           unindexed(m_connection.dialect(), "ended_at") +
                                           " < ? ORDER BY id DESC LIMIT 1",
                                       {&value, 1});
  return rows.empty() ? 0 : as_integer(rows[0].at(0), "id");
}

std::vector<std::string> EndedTable::user_agents_of(const UserId& user, int limit) {
  std::vector<std::string> texts;
  const auto key = user_key(m_connection.dialect(), m_user_key, user);
  if (!key) return texts;
  const std::vector<Value> values{*key, std::int64_t{limit}};
  for (const Row& row : m_connection.query(
           "SELECT DISTINCT user_agent FROM innkeeper_ended WHERE user_id = ? LIMIT ?", values)) {
    texts.push_back(as_text(row.at(0), "user_agent"));
  }
  return texts;
}

bool EndedTable::has(const SessionId& id) {
  const Value key = id.text();
  const std::string sql = "SELECT 1 FROM innkeeper_ended WHERE session_key = ? LIMIT 1";
  return !m_connection.query(sql + std::string(read_latest(m_connection.dialect())), {&key, 1})
              .empty();
}

bool EndedTable::changed_last(const SessionId& id, Time moment) {
  const std::vector<Value> values{id.text(), moment};
  return !m_connection
              .query(
                  "SELECT 1 FROM (SELECT reason, ended_at FROM innkeeper_ended "
                  "WHERE session_key = ? ORDER BY id DESC LIMIT 1) newest "
                  "WHERE reason = 'changed' AND ended_at > ?",
                  values)
              .empty();
}

EndedPage EndedTable::history(const EndedFilter& filter, std::optional<std::int64_t> below,
                              int limit) {
  std::string sql =
      "SELECT id, session_key, user_id, ip, user_agent, created_at, ended_at, reason, actor "
      "FROM innkeeper_ended WHERE reason <> 'changed'";
  std::vector<Value> values;
  if (filter.user_id) {
    auto key = user_key(m_connection.dialect(), m_user_key, *filter.user_id);
    if (!key) return {};
    sql += " AND user_id = ?";
    values.push_back(*std::move(key));
  }
  if (filter.session_key) {
    sql += " AND session_key = ?";
    values.emplace_back(filter.session_key->text());
  }
  if (below) {
    sql += " AND id < ?";
    values.emplace_back(*below);
  }
  values.emplace_back(std::int64_t{limit} + 1);
  EndedPage page;
  std::int64_t last = 0;
  int taken = 0;
  for (const Row& row : m_connection.query(sql + " ORDER BY id DESC LIMIT ?", values)) {
    if (taken++ == limit) {
      page.next = last;
      break;
    }
    last = as_integer(row.at(0), "id");
    if (auto id = read_id(row.at(1))) {
      page.records.push_back(read_record(row, *std::move(id), m_user_key));
    }
  }
  return page;
}

std::int64_t EndedTable::count_before(Time moment) {
  const Value before = moment;
  const Rows rows = m_connection.query(
      "SELECT count(*) FROM innkeeper_ended WHERE ended_at < ? AND NOT "
      "(reason = 'changed' AND id = (SELECT max(id) FROM innkeeper_ended))",
      {&before, 1});
  return as_integer(rows.at(0).at(0), "count");
}

std::int64_t EndedTable::purge(Time moment, int limit) {
  const auto ids = extent();
  if (!ids) return 0;
  const std::vector<Value> values{moment, ids->last, std::int64_t{limit}};
  const std::string old = " WHERE ended_at < ? AND id <> ? ORDER BY ended_at LIMIT ?";
  const std::int64_t removed =
      m_connection.dialect() == Dialect::mariadb
          ? m_connection.execute("DELETE FROM innkeeper_ended" + old, values)
          : m_connection.execute(
                "DELETE FROM innkeeper_ended WHERE id IN (SELECT id FROM (SELECT id FROM "
                "innkeeper_ended" +
                    old + ") AS old)",
                values);
  return removed < limit && strip(ids->last, moment) ? removed + 1 : removed;
}

bool EndedTable::strip(std::int64_t id, Time moment) {
  const std::vector<Value> values{id, moment};
  return m_connection.execute(
             "UPDATE innkeeper_ended SET user_id = NULL, ip = NULL, user_agent = '', "
             "created_at = NULL, reason = 'changed', actor = '' WHERE id = ? AND " +
                 unindexed(m_connection.dialect(), "ended_at") + " < ? AND reason <> 'changed'",
             values) > 0;
}

}  // namespace innkeeper::store
