// Cookies: reading the Cookie header as browsers send it, writing Set-Cookie as RFC 6265bis wants
// it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace innkeeper::http {

// The value of the last cookie `name` in a Cookie header, as Django takes it; nothing where there
// is none. Never fails.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

// Whether a cookie may be called so (a token of RFC 9110), and whether its domain or path may be
// so.
bool is_cookie_name(std::string_view text);
bool is_cookie_attribute(std::string_view text);

struct SetCookie {
  std::string name, value;
  std::optional<Seconds>
      max_age;         // none: until the browser closes; Expires is written beside Max-Age
  std::string domain;  // empty: host only
  std::string path = "/";
  bool secure = false;
  bool http_only = true;
  std::string same_site = "Lax";  // "Strict", "Lax", "None" or empty
};
// The header's value. Throws Error for a name, value, domain or path with characters that would
// break the header.
std::string format_set_cookie(const SetCookie& cookie, Time now);
// The header that makes a browser forget the cookie.
std::string format_delete_cookie(const SetCookie& cookie);

}  // namespace innkeeper::http
