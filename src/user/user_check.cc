#include "user/user_check.h"

#include <string_view>

#include "base/utf8.h"

namespace innkeeper::user {

namespace {

// Unicode's spaces and line separators.
bool is_blank(char32_t code) {
  return code == 0x20 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
         code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

struct Rule {
  const char* name;
  std::string_view text;
  std::size_t longest;
  bool may_have_outer_blanks;
};

std::optional<std::string> fault_by(const Rule& rule) {
  const auto fault = [&rule](const std::string& what) {
    return std::string(rule.name) + ' ' + what;
  };
  std::size_t characters = 0;
  char32_t first = 0, last = 0;
  for (std::string_view rest = rule.text; !rest.empty(); ++characters) {
    const Utf8Step step = first_utf8(rest);
    if (!step.valid) return fault("is no UTF-8");
    if (is_control(step.code)) return fault("has a control character");
    if (characters == 0) first = step.code;
    last = step.code;
    rest.remove_prefix(step.length);
  }
  if (characters > rule.longest)
    return fault("has more than " + std::to_string(rule.longest) + " characters");
  if (!rule.may_have_outer_blanks && (is_blank(first) || is_blank(last)))
    return fault("begins or ends with a blank");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of(const User& user) {
  if (user.username.empty()) return "the username is empty";
  for (const Rule& rule : {Rule{"the username", user.username, longest_username, false},
                           Rule{"the e-mail address", user.email, longest_email, false},
                           Rule{"the first name", user.first_name, longest_username, true},
                           Rule{"the last name", user.last_name, longest_username, true},
                           Rule{"the id", user.id, 255, false}}) {
    if (auto fault = fault_by(rule)) return fault;
  }
  return std::nullopt;
}

}  // namespace innkeeper::user
