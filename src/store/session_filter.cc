#include "store/session_filter.h"

#include "store/dialect.h"

namespace innkeeper::store {

namespace {

constexpr const char* nothing = "1 = 0";

// How few active sessions are worth sorting. Not as many as others: most lists of them fill a page
// at the first steps of the walk.
constexpr std::int64_t few_active = 1000;

bool names_sessions(const SessionFilter& filter) { return filter.only || !filter.among.empty(); }

bool may_lead(Walk walk, std::string_view column) {
  switch (walk) {
    case Walk::by_activity:
      return column == "last_activity";
    case Walk::by_expiry:
      return column == "expire_date";
    case Walk::by_owner:
      return column == "user_id" || column == "expire_date";
    case Walk::by_address:
      return column == "ip";
    case Walk::any:
      break;
  }
  return true;
}

// The column's name, bare where its index may be chosen and signed where it must not.
std::string named(Dialect dialect, Walk walk, std::string_view column) {
  return may_lead(walk, column) ? std::string(column) : unindexed(dialect, column);
}

void add_validity(Condition& condition, Dialect dialect, const SessionFilter& filter, Walk walk) {
  if (filter.validity == SessionFilter::Validity::any) return;
  const bool active = filter.validity == SessionFilter::Validity::active;
  std::string text;
  for (const auto& [column, moment] : active_bounds(filter)) {
    if (!text.empty()) text += active ? " AND " : " OR ";
    text += named(dialect, walk, column) + (active ? " > ?" : " <= ?");
    condition.values.emplace_back(moment);
  }
  condition.add(active ? text : '(' + text + ')');
}

void add_owner(Condition& condition, Dialect dialect, const SessionFilter& filter, Walk walk) {
  if (filter.owner == SessionFilter::Owner::any) return;
  const bool visitor = filter.owner == SessionFilter::Owner::visitor;
  condition.add(named(dialect, walk, "user_id") + (visitor ? " IS NULL" : " IS NOT NULL"));
}

void add_users(Condition& condition, Dialect dialect, KeyType type,
               const std::vector<UserId>& users, Walk walk) {
  std::vector<Value> keys;
  for (const UserId& id : users) {
    if (auto key = user_key(dialect, type, id)) keys.push_back(*std::move(key));
  }
  if (keys.empty()) return condition.add(nothing);
  condition.add(named(dialect, walk, "user_id") + " IN (" + places(keys.size()) + ")");
  add_padded(condition.values, std::move(keys));
}

void add_users(Condition& condition, Dialect dialect, KeyType type, const SessionFilter& filter,
               Walk walk) {
  if (filter.user_id) add_users(condition, dialect, type, {*filter.user_id}, walk);
  if (!filter.user_ids.empty()) add_users(condition, dialect, type, filter.user_ids, walk);
}

void add_near(Condition& condition, Dialect dialect, const IpNetwork& network) {
  const std::string near = near_network(dialect, network, condition.values);
  if (!near.empty()) condition.add(near);
}

void add_ids(Condition& condition, const char* relation, const std::vector<SessionId>& ids) {
  if (ids.empty()) return;
  std::vector<Value> keys;
  for (const SessionId& id : ids) keys.emplace_back(id.text());
  condition.add("session_key" + std::string(relation) + "(" + places(keys.size()) + ")");
  add_padded(condition.values, std::move(keys));
}

}  // namespace

std::vector<ActiveBound> active_bounds(const SessionFilter& filter) {
  std::vector<ActiveBound> bounds{{"expire_date", filter.now}};
  if (filter.idle_timeout) bounds.push_back({"last_activity", filter.now - *filter.idle_timeout});
  if (filter.absolute_timeout) {
    bounds.push_back({"created_at", filter.now - *filter.absolute_timeout});
  }
  return bounds;
}

bool listed_by_expiry(const SessionFilter& filter) {
  return filter.validity == SessionFilter::Validity::expired;
}

Condition where(Dialect dialect, KeyType type, const SessionFilter& filter, Walk walk) {
  Condition condition;
  if (filter.only) {
    condition.add("session_key = ?");
    condition.values.emplace_back(filter.only->text());
  }
  add_ids(condition, " IN ", filter.among);
  add_users(condition, dialect, type, filter, walk);
  add_owner(condition, dialect, filter, walk);
  add_validity(condition, dialect, filter, walk);
  if (filter.network) {
    if (may_lead(walk, "ip")) add_near(condition, dialect, *filter.network);
    condition.add(in_network(dialect, *filter.network, condition.values));
  }
  add_ids(condition, " NOT IN ", filter.except);
  if (condition.text.empty()) condition.text = "1 = 1";
  return condition;
}

std::string from_rows_that(const Condition& condition) {
  return " FROM innkeeper_session WHERE " + condition.text;
}

std::int64_t count_rows(Connection& connection, Condition condition, std::int64_t limit) {
  condition.values.emplace_back(limit);
  const Rows rows = connection.query(
      "SELECT count(*) FROM (SELECT 1 AS one" + from_rows_that(condition) + " LIMIT ?) AS bounded",
      condition.values);
  return as_integer(rows.at(0).at(0), "count");
}

std::vector<Lead> leads(Dialect dialect, KeyType type, const SessionFilter& filter,
                        std::int64_t few) {
  if (names_sessions(filter)) return {};
  std::vector<Lead> leads;
  const auto lead = [&](Walk walk) -> Condition& {
    return leads.emplace_back(Lead{walk, {}, few}).condition;
  };
  if (filter.user_id || !filter.user_ids.empty())
    add_users(lead(Walk::by_owner), dialect, type, filter, Walk::by_owner);
  if (filter.network) add_near(lead(Walk::by_address), dialect, *filter.network);
  if (filter.owner == SessionFilter::Owner::visitor)
    add_owner(lead(Walk::by_owner), dialect, filter, Walk::by_owner);
  if (filter.validity == SessionFilter::Validity::active)
    leads.push_back({Walk::by_expiry, {"expire_date > ?", {filter.now}}, few_active});
  std::erase_if(leads, [](const Lead& one) { return one.condition.text.empty(); });
  return leads;
}

bool passes_over_rows(const SessionFilter& filter) {
  if (names_sessions(filter)) return false;
  const bool by_its_index_alone = listed_by_expiry(filter) && active_bounds(filter).size() == 1;
  return filter.user_id || !filter.user_ids.empty() || filter.network ||
         filter.owner != SessionFilter::Owner::any ||
         (filter.validity != SessionFilter::Validity::any && !by_its_index_alone);
}

}  // namespace innkeeper::store
