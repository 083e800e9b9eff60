// Pages of a list: which index leads to them, and how far it is followed.
#include <algorithm>

#include "store/dialect.h"
#include "store/session_filter.h"
#include "store/session_table.h"

namespace innkeeper::store {

namespace {

// The columns of a summary; the order is read by read_summary.
constexpr const char* summary_columns =
    "session_key, user_id, ip, user_agent, client_hints, created_at, updated_at, last_activity, "
    "expire_date";

// Nothing where the key is no digest: somebody wrote the row there by hand.
std::optional<SessionSummary> read_summary(const Row& row, KeyType type) {
  auto id = SessionId::parse(as_text(row.at(0), "session_key"));
  if (!id) return std::nullopt;
  SessionSummary summary{*std::move(id), user_id(row.at(1), type, "user_id"), {}, {}, {}, {}, {}};
  summary.client.ip = as_ip(row.at(2), "ip");
  summary.client.user_agent = text_or_empty(row.at(3), "user_agent");
  summary.client.client_hints = text_or_empty(row.at(4), "client_hints");
  summary.created_at = as_time(row.at(5), "created_at");
  summary.updated_at = as_time(row.at(6), "updated_at");
  summary.last_activity = as_time(row.at(7), "last_activity");
  summary.expire_date = as_time(row.at(8), "expire_date");
  return summary;
}

enum class Side { after, up_to };

// A row's place in a list, whatever its key.
struct RawCursor {
  Time position;
  std::string key;
};

RawCursor raw(const SessionCursor& cursor) { return {cursor.position, cursor.id.text()}; }

// The row's own place, or, where its key is no digest, the end of its moment's rows.
SessionCursor place_of(const RawCursor& row, bool backwards) {
  if (auto id = SessionId::parse(row.key)) return {row.position, *std::move(id)};
  const std::string end(SessionId::length, backwards ? 'f' : '0');
  return {row.position, *SessionId::parse(end)};
}

// The condition "after `cursor`", or "up to and with it", in the direction of the list. Written
// without a row value, which MariaDB's planner does not turn into a range.
void add_cursor(Condition& condition, const std::string& column, const RawCursor& cursor,
                bool backwards, Side side) {
  const std::string sign = backwards == (side == Side::after) ? " >" : " <";
  const std::string last = side == Side::after ? " ?" : "= ?";
  condition.add(column + sign + "= ? AND (" + column + sign + " ? OR session_key" + sign + last +
                ")");
  condition.values.emplace_back(cursor.position);
  condition.values.emplace_back(cursor.position);
  condition.values.emplace_back(cursor.key);
}

std::string in_order_of(const std::string& column, bool backwards) {
  const std::string direction = backwards ? " ASC" : " DESC";
  return " ORDER BY " + column + direction + ", session_key" + direction;
}

// One reading of one list.
class ListReader {
 public:
  ListReader(Connection& connection, KeyType user_key, const SessionFilter& filter,
             const SessionPlace& place)
      : m_connection(connection),
        m_dialect(connection.dialect()),
        m_user_key(user_key),
        m_filter(filter),
        m_place(place),
        m_walk(listed_by_expiry(filter) ? Walk::by_expiry : Walk::by_activity),
        m_order(listed_by_expiry(filter) ? "expire_date" : "last_activity") {}

  SessionPage read() {
    const auto lead = short_lead();
    auto stop = lead ? std::nullopt : find_stop();
    SessionPage page;
    read_page(lead.value_or(m_walk), page, stop);
    const bool more = std::ssize(page.sessions) > m_place.size;
    if (more) page.sessions.pop_back();
    if (m_place.backwards) std::reverse(page.sessions.begin(), page.sessions.end());
    add_neighbours(page, more, stop);
    return page;
  }

 private:
  // One more than the page holds, to know whether there is one. Where rows were passed over, it is
  // read on, until enough were looked at; `stop` says where that was.
  void read_page(Walk walk, SessionPage& page, std::optional<SessionCursor>& stop) {
    const std::int64_t wanted = std::int64_t{m_place.size} + 1;
    std::optional<RawCursor> from;
    if (m_place.cursor) from = raw(*m_place.cursor);
    for (std::int64_t looked = 0;;) {
      const Rows rows = read_rows(walk, from, stop, wanted - std::ssize(page.sessions));
      const bool all = std::ssize(rows) < wanted - std::ssize(page.sessions);
      for (const Row& row : rows) {
        if (auto summary = read_summary(row, m_user_key))
          page.sessions.push_back(*std::move(summary));
      }
      if (all || std::ssize(page.sessions) >= wanted) return;
      from = cursor_of(rows.back());
      looked += std::ssize(rows);
      // What is left of that row's moment is read still.
      if (looked >= m_place.look_at) stop = place_of(*from, m_place.backwards);
    }
  }

  // The index that leads to so few rows that they are better sorted than searched for: the walk
  // might pass all the others.
  std::optional<Walk> short_lead() {
    for (const Lead& lead : leads(m_dialect, m_user_key, m_filter, m_place.look_at)) {
      if (count_rows(m_connection, lead.condition, lead.few) < lead.few) return lead.walk;
    }
    return std::nullopt;
  }

  // The last row that the walk looks at; nothing where it looks at all that are left.
  std::optional<SessionCursor> find_stop() {
    if (!passes_over_rows(m_filter)) return std::nullopt;
    Condition condition{"1 = 1", {}};
    if (m_place.cursor)
      add_cursor(condition, m_order, raw(*m_place.cursor), m_place.backwards, Side::after);
    condition.values.emplace_back(m_place.look_at - 1);
    const Rows rows =
        m_connection.query("SELECT " + m_order + ", session_key" + from_rows_that(condition) +
                               in_order_of(m_order, m_place.backwards) + " LIMIT 1 OFFSET ?",
                           condition.values);
    if (rows.empty()) return std::nullopt;
    const Row& row = rows.front();
    return place_of({as_time(row.at(0), m_order), as_text(row.at(1), "session_key")},
                    m_place.backwards);
  }

  Rows read_rows(Walk walk, const std::optional<RawCursor>& from,
                 const std::optional<SessionCursor>& stop, std::int64_t limit) {
    const std::string column = walk == m_walk ? m_order : unindexed(m_dialect, m_order);
    Condition condition = where(m_dialect, m_user_key, m_filter, walk);
    if (from) add_cursor(condition, column, *from, m_place.backwards, Side::after);
    if (stop) add_cursor(condition, column, raw(*stop), m_place.backwards, Side::up_to);
    condition.values.emplace_back(limit);
    return m_connection.query(std::string("SELECT ") + summary_columns + from_rows_that(condition) +
                                  in_order_of(column, m_place.backwards) + " LIMIT ?",
                              condition.values);
  }

  void add_neighbours(SessionPage& page, bool more,
                      const std::optional<SessionCursor>& stop) const {
    auto& ahead = m_place.backwards ? page.previous : page.next;
    auto& behind = m_place.backwards ? page.next : page.previous;
    if (!more && stop) {
      page.looked_to = stop->position;
      ahead = stop;
    }
    if (page.sessions.empty()) {
      if (stop) behind = m_place.cursor;
      return;
    }
    const auto& [first, last] = std::tie(page.sessions.front(), page.sessions.back());
    if (more) ahead = cursor_of(m_place.backwards ? first : last);
    // Behind the cursor there is at least the session that it names.
    if (m_place.cursor) behind = cursor_of(m_place.backwards ? last : first);
  }

  RawCursor cursor_of(const Row& row) const {
    return {as_time(row.at(m_walk == Walk::by_expiry ? 8 : 7), m_order),
            as_text(row.at(0), "session_key")};
  }

  SessionCursor cursor_of(const SessionSummary& summary) const {
    return {m_walk == Walk::by_expiry ? summary.expire_date : summary.last_activity, summary.id};
  }

  Connection& m_connection;
  Dialect m_dialect;
  KeyType m_user_key;
  const SessionFilter& m_filter;
  const SessionPlace& m_place;
  Walk m_walk;  // in the order of the list
  std::string m_order;
};

}  // namespace

SessionPage SessionTable::list(const SessionFilter& filter, const SessionPlace& place) {
  return ListReader(m_connection, m_user_key, filter, place).read();
}

}  // namespace innkeeper::store
