#include "codec/base62.h"

#include <algorithm>

namespace innkeeper::codec {

namespace {
constexpr std::string_view digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
}

std::string base62_encode(std::int64_t number) {
  const bool negative = number < 0;
  std::uint64_t rest = static_cast<std::uint64_t>(number);
  if (negative) rest = ~rest + 1;
  std::string text;
  do {
    text += digits[rest % 62];
    rest /= 62;
  } while (rest > 0);
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

bool is_base62(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace innkeeper::codec
