// The header Forwarded (RFC 7239), read from its end: what a trusted proxy appended is well-formed,
// what stands before it came from anybody. Internal to session.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace innkeeper::session {

// Takes the last element of a comma-separated list off its end. Commas within quotes separate
// nothing; quotes are paired from the right, so that an open quote further left can't swallow the
// last element.
std::string_view take_last_element(std::string_view& list);

// The value of the element's parameter of that name (in lower case; the element's may be in any),
// without quotes: of `for` "192.0.2.60", "[2001:db8::1]:4711", "_hidden"; of `proto` "https".
// Nothing where the element is not well-formed or has not exactly one.
std::optional<std::string> parameter(std::string_view element, std::string_view name);

}  // namespace innkeeper::session
