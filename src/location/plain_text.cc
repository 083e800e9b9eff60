#include "location/plain_text.h"

#include <cstddef>

#include "base/utf8.h"

namespace innkeeper::location {

bool is_plain_text(std::string_view text) {
  constexpr std::size_t longest = 255;
  if (text.size() > longest) return false;
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text);
    if (!step.valid || is_control(step.code)) return false;
    text.remove_prefix(step.length);
  }
  return true;
}

}  // namespace innkeeper::location
