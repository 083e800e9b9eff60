// UTF-8, read one character at a time: for whoever must know where a character ends and whether it
// is one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace innkeeper {

// Whether the code points U+D800 to U+DFFF, which are no characters, may stand in the text (as
// three bytes each). Python's strings may hold them; its "surrogatepass" writes them so.
enum class Surrogates { refused, taken };

// One step through a text. Where the bytes are no UTF-8, `valid` is false, `code` the first byte
// and `length` 1.
struct Utf8Step {
  char32_t code;
  std::size_t length;
  bool valid;
};

// The first character of `text`, which must not be empty. Overlong forms and codes beyond U+10FFFF
// are invalid.
Utf8Step first_utf8(std::string_view text, Surrogates surrogates = Surrogates::refused);

bool is_utf8(std::string_view text, Surrogates surrogates = Surrogates::refused);

// `text` with each byte that is no UTF-8 as U+FFFD: for pages and JSON, which must be UTF-8.
std::string valid_utf8(std::string_view text);

// Of ASCII and of Latin-1 (U+0080 to U+009F): they steer a terminal and show nothing.
constexpr bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

// Writes `code` (up to U+10FFFF) as one to four bytes.
void append_utf8(std::string& text, char32_t code);

}  // namespace innkeeper
