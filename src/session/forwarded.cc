#include "session/forwarded.h"

#include <algorithm>

#include "base/same_name.h"

namespace innkeeper::session {

namespace {

constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
// RFC 7239 demands quotes around these; proxies that forget them are understood all the same.
constexpr std::string_view bare_node_characters = "[]:";

bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

void skip_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string_view take_token(std::string_view& text) {
  const std::string_view token =
      text.substr(0, std::min(text.find_first_not_of(token_characters), text.size()));
  text.remove_prefix(token.size());
  return token;
}

std::optional<std::string> take_quoted(std::string_view& text) {
  std::string content;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return content;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    content += text[i];
  }
  return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& text) {
  if (text.starts_with('"')) return take_quoted(text);
  std::string value;
  while (!text.empty() && (token_characters.find(text.front()) != std::string_view::npos ||
                           bare_node_characters.find(text.front()) != std::string_view::npos)) {
    value += text.front();
    text.remove_prefix(1);
  }
  if (value.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view take_last_element(std::string_view& list) {
  bool quoted = false;
  for (std::size_t at = list.size(); at-- > 0;) {
    if (list[at] == '"' && !is_escaped(list, at)) quoted = !quoted;
    if (list[at] != ',' || quoted) continue;
    const std::string_view element = list.substr(at + 1);
    list = list.substr(0, at);
    return element;
  }
  const std::string_view element = list;
  list = {};
  return element;
}

std::optional<std::string> parameter(std::string_view element, std::string_view name) {
  std::optional<std::string> found;
  for (bool more = true; more;) {
    skip_space(element);
    const std::string_view token = take_token(element);
    const bool named = same_name(token, name);
    if (token.empty() || !element.starts_with('=')) return std::nullopt;
    element.remove_prefix(1);
    auto value = take_value(element);
    if (!value || (named && found)) return std::nullopt;
    if (named) found = std::move(value);
    skip_space(element);
    more = element.starts_with(';');
    if (more) element.remove_prefix(1);
  }
  if (!element.empty()) return std::nullopt;
  return found;
}

}  // namespace innkeeper::session
