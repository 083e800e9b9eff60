// Dates as HTTP writes them (RFC 9110, IMF-fixdate).
#pragma once

#include <string>

#include "base/clock.h"

namespace innkeeper::http {

// "Sun, 06 Nov 1994 08:49:37 GMT"; English whatever the locale. Fractions of a second are dropped;
// years beyond 9999 are written as the last second of 9999.
std::string http_date(Time time);

}  // namespace innkeeper::http
