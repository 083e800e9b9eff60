#include "http/cookie.h"

#include <algorithm>

#include "base/error.h"
#include "base/trim.h"
#include "http/date.h"

namespace innkeeper::http {
namespace {

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

// cookie-octet of RFC 6265.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_visible(c) && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

void require(bool holds, const char* what) {
  if (!holds) {
    throw Error(std::string("Set-Cookie: the ") + what + " has characters that no cookie may have");
  }
}

}  // namespace

bool is_cookie_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_visible(c) &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

// av-octet of RFC 6265.
bool is_cookie_attribute(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) && c != ';'; });
}

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
  std::optional<std::string_view> last;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) continue;
    if (trimmed(pair.substr(0, equals)) == name) last = trimmed(pair.substr(equals + 1));
  }
  return last;
}

std::string format_set_cookie(const SetCookie& cookie, Time now) {
  require(is_cookie_name(cookie.name), "name");
  require(is_value(cookie.value), "value");
  require(is_cookie_attribute(cookie.domain), "domain");
  require(is_cookie_attribute(cookie.path), "path");
  require(is_cookie_attribute(cookie.same_site), "SameSite");
  std::string text = cookie.name + '=' + cookie.value;
  if (cookie.max_age) {
    text += "; Expires=" + http_date(now + *cookie.max_age);
    text += "; Max-Age=" + std::to_string(cookie.max_age->count());
  }
  if (!cookie.domain.empty()) text += "; Domain=" + cookie.domain;
  if (!cookie.path.empty()) text += "; Path=" + cookie.path;
  if (cookie.secure) text += "; Secure";
  if (cookie.http_only) text += "; HttpOnly";
  if (!cookie.same_site.empty()) text += "; SameSite=" + cookie.same_site;
  return text;
}

std::string format_delete_cookie(const SetCookie& cookie) {
  SetCookie gone = cookie;
  gone.value.clear();
  gone.max_age = Seconds(0);
  return format_set_cookie(gone, Time{});  // 1970: past for every clock
}

}  // namespace innkeeper::http
