#include "store/session_filter.h"

#include "store/dialect.h"

namespace innkeeper::store {

namespace {

constexpr const char* nothing = "1 = 0";

// The column's name, bare where its index may be chosen and signed where it must not.
std::string named(Dialect dialect, Walk walk, std::string_view column) {
  const Walk own = column == "expire_date" ? Walk::by_expiry : Walk::by_activity;
  const bool bare = column == "created_at" || walk == Walk::any || walk == own;
  return bare ? std::string(column) : unindexed(dialect, column);
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

void add_owner(Condition& condition, Dialect dialect, const SessionFilter& filter) {
  if (filter.owner == SessionFilter::Owner::any) return;
  const bool visitor = filter.owner == SessionFilter::Owner::visitor;
  condition.add(unindexed(dialect, "user_id") + (visitor ? " IS NULL" : " IS NOT NULL"));
}

void add_users(Condition& condition, Dialect dialect, KeyType type,
               const std::vector<UserId>& users) {
  std::vector<Value> keys;
  for (const UserId& id : users) {
    if (auto key = user_key(dialect, type, id)) keys.push_back(*std::move(key));
  }
  if (keys.empty()) return condition.add(nothing);
  condition.add("user_id IN (" + places(keys.size()) + ")");
  add_padded(condition.values, std::move(keys));
}

void add_except(Condition& condition, const std::vector<SessionId>& except) {
  if (except.empty()) return;
  std::vector<Value> keys;
  for (const SessionId& id : except) keys.emplace_back(id.text());
  condition.add("session_key NOT IN (" + places(keys.size()) + ")");
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
  if (filter.user_id) add_users(condition, dialect, type, {*filter.user_id});
  if (!filter.user_ids.empty()) add_users(condition, dialect, type, filter.user_ids);
  add_owner(condition, dialect, filter);
  add_validity(condition, dialect, filter, walk);
  if (filter.network) condition.add(in_network(dialect, *filter.network, condition.values));
  add_except(condition, filter.except);
  if (condition.text.empty()) condition.text = "1 = 1";
  return condition;
}

}  // namespace innkeeper::store
