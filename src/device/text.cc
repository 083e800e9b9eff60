#include "device/text.h"

#include <algorithm>
#include <charconv>

namespace innkeeper::device {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool continues(unsigned char byte) { return (byte & 0xc0) == 0x80; }

}  // namespace

std::string_view capped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && continues(byte_at(text, end))) --end;
  // Longer runs of continuation bytes are no character, so nothing is saved by going on.
  return text.substr(0, continues(byte_at(text, end)) ? limit : end);
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return clean;
}

int to_number(std::string_view digits) {
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && digits.size() <= 9 && number >= 0 ? number : -1;
}

}  // namespace innkeeper::device
