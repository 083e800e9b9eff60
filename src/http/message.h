// A request as handlers see it and the answer they give: plain values, no library's types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace innkeeper::http {

using Header = std::pair<std::string, std::string>;

// Thread-compatible values. Header names are compared without regard to ASCII case.
struct Request {
  std::string method;  // "GET"
  // Decoded by decode_path (url.h): starts with '/', holds no "." or ".." segment and no control
  // character. %2F and %25 stay escaped, so that splitting at '/' is always right; a route's
  // Context::path_values are decoded in full.
  std::string path;
  std::string query;  // as it came, without '?'
  std::vector<Header> headers;
  std::string body;
  std::string peer;     // the address of the connection's other end, without port
  bool secure = false;  // came over TLS, or a trusted proxy says so

  std::optional<std::string_view> header(std::string_view name) const;  // the first
  std::string joined_header(std::string_view name) const;  // all of that name, joined by ", "
  // Decoded parameters of the query and of an application/x-www-form-urlencoded body; the first of
  // a name, or all. A body of another content type has no form values.
  std::optional<std::string> query_value(std::string_view name) const;
  std::optional<std::string> form_value(std::string_view name) const;
  std::vector<std::string> form_values(std::string_view name) const;
  // The last cookie of that name, whichever Cookie header holds it: where a browser has several (of
  // a parent domain, of another path), Django and this program take the same.
  std::optional<std::string> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;

  void set_header(std::string_view name, std::string value);  // replaces
  void add_header(std::string_view name, std::string value);
  std::optional<std::string_view> header(std::string_view name) const;

  static Response html(std::string body, int status = 200);
  static Response text(std::string body, int status = 200);
  static Response redirect(std::string location, int status = 303);
};

// "Not Found" for 404; empty for a status without a name.
std::string_view reason_phrase(int status);

}  // namespace innkeeper::http
