// When a session ends: its own date, and the idle and absolute timeouts.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/fields.h"

namespace innkeeper::session {

// Names and defaults as in Django's settings where Django has them.
struct ExpiryPolicy {
  Seconds cookie_age{1209600};              // SESSION_COOKIE_AGE: two weeks
  bool expire_at_browser_close = false;     // SESSION_EXPIRE_AT_BROWSER_CLOSE
  std::optional<Seconds> idle_timeout;      // SESSION_IDLE_TIMEOUT: since last_activity
  std::optional<Seconds> absolute_timeout;  // SESSION_ABSOLUTE_TIMEOUT: since created_at
};

// What a payload's `_session_expiry` asks for; Django's get_expiry_age and
// get_expire_at_browser_close.
struct PayloadExpiry {
  Time expire_date;  // for the column; `cookie_age` from now where the payload says "browser close"
                     // (0)
  bool at_browser_close;  // the cookie gets no Max-Age
};

// `_session_expiry` is a number of seconds, 0 (until the browser closes) or an ISO 8601 date-time;
// anything else counts as absent. Dates stay within the years 1 to 9999.
PayloadExpiry payload_expiry(const Fields& payload, const ExpiryPolicy& policy, Time now);

// The moment at which the session ends if nobody uses it again: the earliest of expire_date,
// last_activity + idle_timeout and created_at + absolute_timeout.
Time ends_at(Time expire_date, Time last_activity, Time created_at, const ExpiryPolicy& policy);

// An ISO 8601 date-time as Python's datetime.isoformat() writes it (with or without microseconds
// and offset; none counts as UTC; "Z" and a space for the "T" are understood), or nothing.
std::optional<Time> parse_iso_time(std::string_view text);
// "2030-01-02T03:04:05.678901+00:00", as Python writes it (no fraction where it is zero).
std::string iso_time(Time time);

}  // namespace innkeeper::session
