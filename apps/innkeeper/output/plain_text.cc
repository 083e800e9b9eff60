#include "output/plain_text.h"

#include "base/utf8.h"

namespace innkeeper::app {

bool is_plain(char32_t code) {
  const bool separator = code == 0x2028 || code == 0x2029;
  const bool direction = code == 0x061c || code == 0x200e || code == 0x200f ||
                         (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return !is_control(code) && !separator && !direction;
}

std::string printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text);
    clean += step.valid && is_plain(step.code) ? text.substr(0, step.length) : "?";
    text.remove_prefix(step.length);
  }
  return clean;
}

}  // namespace innkeeper::app
