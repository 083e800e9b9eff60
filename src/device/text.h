// Small things done to texts that come from strangers.
#pragma once

#include <string>
#include <string_view>

namespace innkeeper::device {

// At most `limit` bytes, not ending inside a UTF-8 character.
std::string_view capped(std::string_view text, std::size_t limit);

// Control characters as blanks: they mean nothing in a header, and what is read from the text
// reaches terminals and logs.
std::string without_controls(std::string_view text);

// Whether `part` occurs in `text`.
inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The number that a text is, of at most nine digits, or -1.
int to_number(std::string_view digits);

}  // namespace innkeeper::device
