#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace innkeeper {

namespace {

constexpr std::string_view url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view standard_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 255;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view digits) {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_a_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto url_values = values_of(url_digits);
constexpr auto standard_values = values_of(standard_digits);

std::optional<std::string_view> without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  return text;
}

// The first three bytes as one number.
std::uint32_t group_of(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return std::uint32_t{static_cast<std::uint8_t>(bytes[i])}; };
  return (at(0) << 16) | (at(1) << 8) | at(2);
}

}  // namespace

std::string base64_encode(std::string_view bytes, Base64 alphabet) {
  const std::string_view digits = alphabet == Base64::url ? url_digits : standard_digits;
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  while (bytes.size() >= 3) {
    const std::uint32_t group = group_of(bytes);
    for (unsigned shift = 24; shift > 0; *out++ = digits[(group >> shift) & 63]) shift -= 6;
    bytes.remove_prefix(3);
  }
  if (!bytes.empty()) {
    char rest[3] = {bytes[0], bytes.size() > 1 ? bytes[1] : '\0', '\0'};
    const std::uint32_t group = group_of({rest, 3});
    for (unsigned shift = 18; out != text.data() + text.size(); shift -= 6) {
      *out++ = digits[(group >> shift) & 63];
    }
  }
  if (alphabet == Base64::standard) text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> base64_decode(std::string_view text, Base64 alphabet) {
  if (alphabet == Base64::standard) {
    const auto bare = without_padding(text);
    if (!bare) return std::nullopt;
    text = *bare;
  }
  if (text.size() % 4 == 1) return std::nullopt;
  const auto& values = alphabet == Base64::url ? url_values : standard_values;
  std::string bytes(text.size() * 3 / 4, '\0');
  char* out = bytes.data();
  std::uint32_t seen = 0;  // a foreign character has bits beyond the six of a value
  const auto group_of_digits = [&](std::string_view digits) {
    const auto at = [&](std::size_t i) {
      return std::uint32_t{values[static_cast<std::uint8_t>(digits[i])]};
    };
    const std::uint32_t a = at(0), b = at(1), c = at(2), d = at(3);
    seen |= a | b | c | d;
    return (a << 18) | (b << 12) | (c << 6) | d;
  };
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const std::uint32_t group = group_of_digits(text);
    *out++ = static_cast<char>((group >> 16) & 255);
    *out++ = static_cast<char>((group >> 8) & 255);
    *out++ = static_cast<char>(group & 255);
  }
  if (!text.empty()) {
    const char rest[4] = {text[0], text[1], text.size() > 2 ? text[2] : 'A', 'A'};  // 'A' is zero
    const std::uint32_t group = group_of_digits({rest, 4});
    for (unsigned shift = 16; out != bytes.data() + bytes.size(); shift -= 8) {
      *out++ = static_cast<char>((group >> shift) & 255);
    }
  }
  if (seen > 63) return std::nullopt;
  return bytes;
}

}  // namespace innkeeper
