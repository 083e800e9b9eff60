#include "http/answer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/same_name.h"

namespace innkeeper::http {
namespace {

bool is_framing(std::string_view name) {
  static constexpr std::array<std::string_view, 4> names{"Content-Length", "Transfer-Encoding",
                                                         "Connection", "Date"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view framing) { return same_name(framing, name); });
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

void append_header(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

void append_headers(std::string& text, const std::vector<Header>& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name) || !is_header_value(value)) {
      throw Error("an answer's header '" + (is_header_name(name) ? name : std::string("?")) +
                  "' has characters that no header may have");
    }
    if (!is_framing(name)) append_header(text, name, value);
  }
}

}  // namespace

std::string format_answer(const Response& response, const AnswerFraming& framing) {
  std::string text;
  text.reserve(512 + response.body.size());
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  text.append(reason_phrase(response.status)).append("\r\n");
  append_header(text, "Date", framing.date);
  if (!framing.keep_alive) append_header(text, "Connection", "close");
  if (framing.keep_alive && framing.http_1_0) append_header(text, "Connection", "keep-alive");
  append_headers(text, response.headers);
  const bool bodiless = has_no_body(response.status);
  if (!bodiless) append_header(text, "Content-Length", std::to_string(response.body.size()));
  text.append("\r\n");
  if (!bodiless && !framing.head) text.append(response.body);
  return text;
}

}  // namespace innkeeper::http
