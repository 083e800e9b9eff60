#include "http/message.h"

#include <algorithm>

#include "base/same_name.h"
#include "http/cookie.h"
#include "http/url.h"

namespace innkeeper::http {
namespace {

std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

bool is_form(const Request& request) {
  const auto type = request.header("Content-Type");
  if (!type) return false;
  std::string_view media = type->substr(0, type->find(';'));
  while (!media.empty() && media.back() == ' ') media.remove_suffix(1);
  return same_name(media, "application/x-www-form-urlencoded");
}

std::vector<std::string> values_of(std::string_view text, std::string_view name) {
  std::vector<std::string> values;
  for (auto& [key, value] : parse_form(text)) {
    if (key == name) values.push_back(std::move(value));
  }
  return values;
}

std::optional<std::string> first_of(std::vector<std::string> values) {
  if (values.empty()) return std::nullopt;
  return std::move(values.front());
}

Response with_type(std::string type, std::string body, int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", std::move(type));
  response.body = std::move(body);
  return response;
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const {
  return find_header(headers, name);
}

std::string Request::joined_header(std::string_view name) const {
  std::string joined;
  for (const auto& [key, value] : headers) {
    if (!same_name(key, name)) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  return first_of(values_of(query, name));
}

std::optional<std::string> Request::form_value(std::string_view name) const {
  return first_of(form_values(name));
}

std::vector<std::string> Request::form_values(std::string_view name) const {
  return is_form(*this) ? values_of(body, name) : std::vector<std::string>{};
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  std::optional<std::string> last;
  for (const auto& [key, value] : headers) {
    if (!same_name(key, "Cookie")) continue;
    if (const auto found = find_cookie(value, name)) last = std::string(*found);
  }
  return last;
}

void Response::set_header(std::string_view name, std::string value) {
  std::erase_if(headers, [&](const Header& header) { return same_name(header.first, name); });
  add_header(name, std::move(value));
}

void Response::add_header(std::string_view name, std::string value) {
  headers.emplace_back(std::string(name), std::move(value));
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  return find_header(headers, name);
}

Response Response::html(std::string body, int status) {
  return with_type("text/html; charset=utf-8", std::move(body), status);
}

Response Response::text(std::string body, int status) {
  return with_type("text/plain; charset=utf-8", std::move(body), status);
}

Response Response::redirect(std::string location, int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

// A table: the statuses that this project gives.
std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

}  // namespace innkeeper::http
