#include "session/record.h"

#include "base/utf8.h"

namespace innkeeper::session {

namespace {

// ASCII's control characters, and those that latin-1 put at 0x80 to 0x9f.

bool differs(const std::string& before, const std::string& now) {
  return !before.empty() && !now.empty() && before != now;
}

}  // namespace

bool is_other_client(const Client& before, const Client& now) {
  return (before.ip && now.ip && *before.ip != *now.ip) ||
         differs(before.user_agent, now.user_agent) ||
         differs(before.client_hints, now.client_hints);
}

std::string column_text(std::string_view text) {
  std::string column;
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text);
    const bool kept = step.valid && !is_control(step.code);
    const std::string_view character = kept ? text.substr(0, step.length) : "?";
    if (column.size() + character.size() > Client::text_limit) break;
    column += character;
    text.remove_prefix(step.length);
  }
  return column;
}

}  // namespace innkeeper::session
