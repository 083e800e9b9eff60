// A text without the blanks around it.
#pragma once

#include <string_view>

namespace innkeeper {

// What HTTP calls optional white space, as around the members of a header.
inline constexpr std::string_view spaces_and_tabs = " \t";
// What isspace() takes for white space, as Python's str.strip() does in ASCII.
inline constexpr std::string_view white_space = " \t\n\v\f\r";

// A view into `text`.
constexpr std::string_view trimmed(std::string_view text,
                                   std::string_view blanks = spaces_and_tabs) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace innkeeper
