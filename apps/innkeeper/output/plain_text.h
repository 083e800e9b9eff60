// Text of strangers (names, actors, places, log lines) for a terminal and a log.
#pragma once

#include <string>
#include <string_view>

namespace innkeeper::app {

// Whether a character neither ends the line nor steers the terminal, or the order in which it shows
// the text.
bool is_plain(char32_t code);

// `text` with a '?' for each character that is not plain, and for each byte that is no UTF-8.
std::string printable(std::string_view text);

}  // namespace innkeeper::app
