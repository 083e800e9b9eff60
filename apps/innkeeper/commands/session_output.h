// Sessions as lines and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/ended_table.h"
#include "store/session_table.h"
#include "wiring.h"

namespace innkeeper::app {

// A table for people: id, user, device, address, place, last activity, state.
std::string sessions_table(const std::vector<store::SessionSummary>& sessions, House& house);

// One JSON object each, with the same names as the columns of innkeeper_session (id for
// session_key).
std::vector<std::string> sessions_json(const std::vector<store::SessionSummary>& sessions,
                                       House& house);

std::string ended_json(const store::EndedRecord& ended);

// "2030-01-02 03:04:05Z"
std::string short_time(Time time);

// A place in a list as one word, and back; nothing for another word.
std::string cursor_text(const store::SessionCursor& cursor);
std::optional<store::SessionCursor> parse_cursor(const std::string& text);

}  // namespace innkeeper::app
