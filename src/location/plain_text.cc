#include "location/plain_text.h"

#include <cstddef>
#include <cstdint>

namespace innkeeper::location {

namespace {

constexpr std::size_t longest = 255;

// The length of the sequence that `lead` begins, 0 where it begins none; `low` and `high` bound its
// second byte.
std::size_t sequence(std::uint8_t lead, std::uint8_t& low, std::uint8_t& high) {
  low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

bool is_sequence(std::string_view text, std::size_t at, std::size_t length, std::uint8_t low,
                 std::uint8_t high) {
  if (length == 0 || text.size() - at < length) return false;
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[at + i]);
    if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xbf)) return false;
  }
  // U+0080 to U+009F are control characters too.
  return !(length == 2 && static_cast<std::uint8_t>(text[at]) == 0xc2 &&
           static_cast<std::uint8_t>(text[at + 1]) < 0xa0);
}

}  // namespace

bool is_plain_text(std::string_view text) {
  if (text.size() > longest) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    if (lead < 0x20 || lead == 0x7f) return false;
    if (lead < 0x7f) {
      ++at;
      continue;
    }
    std::uint8_t low = 0, high = 0;
    const std::size_t length = sequence(lead, low, high);
    if (!is_sequence(text, at, length, low, high)) return false;
    at += length;
  }
  return true;
}

}  // namespace innkeeper::location
