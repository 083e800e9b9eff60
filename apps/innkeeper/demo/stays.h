// The demo's sessions as plain values: who, when, from where, with what, and how it ended. Pure: no
// clock, no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "session/record.h"
#include "store/ended_table.h"

namespace innkeeper::app {

struct Ending {
  Time at;
  store::Reason reason;
  bool by_staff = false;  // otherwise by the user, or by nobody
};

struct Stay {
  std::optional<std::size_t> person;  // of demo_people(); nothing for a visitor
  session::Client client;
  Time created_at, updated_at, last_activity, expire_date;
  std::optional<Ending> ending;  // in the history only
};

// `number` sessions in the month before `now`, oldest first. About two thirds alive, the others
// expired and not yet removed, or ended; a tenth are visitors'. People have a few devices and a few
// addresses each, of the ranges that RFC 5737 and 3849 keep for documentation. `user_agents` has
// one text a line, client hints after a tab where there are some. The same seed gives the same
// stays (keys and passwords are not made here, and never repeat). `is_stopped` is asked again and
// again; fewer are made where it says so.
std::vector<Stay> make_stays(std::uint64_t seed, std::size_t number, Time now,
                             std::string_view user_agents, const std::function<bool()>& is_stopped);

}  // namespace innkeeper::app
