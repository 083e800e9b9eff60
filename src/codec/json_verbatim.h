// The characters of a JSON string that mean themselves, and are written as they are. Internal to
// codec.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace innkeeper::codec {

// 0x20 to 0x7e but for the quote and the backslash.
constexpr bool is_verbatim(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// How many of them `text` begins with. Eight at a time: of little else do payloads consist.
inline std::size_t verbatim_run(std::string_view text) {
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t each = 0x0101010101010101u;
    for (std::uint64_t word; text.size() - at >= sizeof word; at += sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      // The high bit of each byte that is another, and perhaps of some after the first such.
      const std::uint64_t others =
          (word | (word + each) | (word - each * 0x20) | ((word ^ (each * '"')) - each) |
           ((word ^ (each * '\\')) - each)) &
          (each * 0x80);
      if (others != 0) return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
  }
  while (at < text.size() && is_verbatim(text[at])) ++at;
  return at;
}

}  // namespace innkeeper::codec
