// A SessionFilter as SQL: internal to the module.
#pragma once

#include <string>
#include <vector>

#include "store/session_table.h"

namespace innkeeper::store {

// What a statement does with the rows decides which index may serve it.
enum class Walk {
  by_activity,  // in the order of last_activity: only that index, or a user's
  by_expiry,    // in the order of expire_date
  any,          // in no order: whatever index narrows most
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

}  // namespace innkeeper::store
