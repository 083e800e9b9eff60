#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace innkeeper {

namespace {

// The number of bytes that a first byte announces, 0 where it can't be a first one.
std::size_t announced_length(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

bool is_surrogate(char32_t code) { return code >= 0xd800 && code <= 0xdfff; }

// The least code that needs so many bytes; a smaller one is an overlong form.
constexpr std::array<char32_t, 5> least_code{0, 0, 0x80, 0x800, 0x10000};

}  // namespace

Utf8Step first_utf8(std::string_view text, Surrogates surrogates) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const Utf8Step invalid{first, 1, false};
  const std::size_t length = announced_length(first);
  if (length == 1) return {first, 1, true};
  if (length == 0 || text.size() < length) return invalid;
  char32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return invalid;
    code = (code << 6) | (byte & 0x3fu);
  }
  if (code < least_code[length] || code > 0x10ffff) return invalid;
  if (is_surrogate(code) && surrogates == Surrogates::refused) return invalid;
  return {code, length, true};
}

bool is_utf8(std::string_view text, Surrogates surrogates) {
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text, surrogates);
    if (!step.valid) return false;
    text.remove_prefix(step.length);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  const bool ascii = std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
  if (ascii) return std::string(text);
  std::string valid;
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text);
    valid += step.valid ? text.substr(0, step.length) : replacement;
    text.remove_prefix(step.length);
  }
  return valid;
}

void append_utf8(std::string& text, char32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace innkeeper
