// A SessionFilter as SQL: internal to the module.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/session_table.h"

namespace innkeeper::store {

// Which index a statement may go by. (Where a database plans by what it knows of the table, this
// is advice alone: `unindexed`.)
enum class Walk {
  by_activity,  // in the order of last_activity
  by_expiry,    // by expire_date
  by_owner,     // by user_id, and then expire_date
  by_address,   // by ip
  any,          // whatever narrows most
};

// A condition with the values of its parameters, in order.
struct Condition {
  std::string text;  // "… AND …"; never empty
  std::vector<Value> values;
  void add(const std::string& more) { text += (text.empty() ? "" : " AND ") + more; }
};

// Whether a list of these is ordered by expire_date rather than last_activity.
bool listed_by_expiry(const SessionFilter& filter);

Condition where(Dialect dialect, KeyType user_key, const SessionFilter& filter, Walk walk);

// " FROM innkeeper_session WHERE …"
std::string from_rows_that(const Condition& condition);

// How many rows fit `condition`, counting no further than `limit`.
std::int64_t count_rows(Connection& connection, Condition condition, std::int64_t limit);

// A part of a filter that an index serves: every row that fits the filter fits this.
struct Lead {
  Walk walk;
  Condition condition;
  std::int64_t few;  // it is worth following where it leads to fewer rows
};
// Those of `filter`, the one that should lead to the fewest rows first; none where it names its
// sessions. `few` is for all but those that are active.
std::vector<Lead> leads(Dialect dialect, KeyType user_key, const SessionFilter& filter,
                        std::int64_t few);
// Whether rows in the order of its list may not fit `filter`, so that a page may have to pass many.
bool passes_over_rows(const SessionFilter& filter);

}  // namespace innkeeper::store
