#include "codec/json_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "codec/json.h"

namespace innkeeper::codec {

namespace {

// A double's shortest decimal digits d1 d2 … with value 0.d1d2… × 10^point.
struct Decimal {
  bool negative;
  std::string digits;
  int point;
};

Decimal shortest_decimal(double number) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::size_t exponent_begin = e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(text.data() + exponent_begin, end, exponent);
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  return {std::signbit(number), digits, exponent + 1};
}

std::string scientific(const Decimal& decimal) {
  std::string text(1, decimal.digits[0]);
  if (decimal.digits.size() > 1) text.append(".").append(decimal.digits, 1);
  const int exponent = decimal.point - 1;
  text += exponent < 0 ? "e-" : "e+";
  if (std::abs(exponent) < 10) text += '0';
  return text + std::to_string(std::abs(exponent));
}

std::string positional(const Decimal& decimal) {
  const auto count = static_cast<int>(decimal.digits.size());
  if (decimal.point <= 0) {
    return "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  }
  std::string text = decimal.digits;
  if (count <= decimal.point) {
    text.append(static_cast<std::size_t>(decimal.point - count), '0');
    return text + ".0";
  }
  return text.insert(static_cast<std::size_t>(decimal.point), ".");
}

// The exponent that a number's text names, held within ±10^9, which is beyond every double's.
long written_exponent(std::string_view number) {
  constexpr long bound = 1'000'000'000;
  const std::size_t e = number.find_first_of("eE");
  if (e == std::string_view::npos) return 0;
  std::string_view digits = number.substr(e + 1);
  const bool negative = digits.front() == '-';
  if (digits.front() == '-' || digits.front() == '+') digits.remove_prefix(1);
  long exponent = 0;
  for (const char digit : digits) exponent = std::min(bound, exponent * 10 + (digit - '0'));
  return negative ? -exponent : exponent;
}

// Whether a number that is out of range is so for being too large: where its first digit other than
// 0 stands.
bool is_large(std::string_view number) {
  const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  return static_cast<long>(point) - static_cast<long>(first) + written_exponent(number) > 0;
}

}  // namespace

double read_double(std::string_view number) {
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec != std::errc::result_out_of_range) return value;
  const double magnitude = is_large(number) ? std::numeric_limits<double>::infinity() : 0.0;
  return number.front() == '-' ? -magnitude : magnitude;
}

std::string canonical_integer(std::string_view number) {
  return number == "-0" ? "0" : std::string(number);
}

std::string canonical_float(std::string_view number) { return json_float(read_double(number)); }

// Python's repr: positional from 1e-4 up to below 1e16, scientific with at least two exponent
// digits beyond.
std::string json_float(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  const Decimal decimal = shortest_decimal(number);
  const bool fits = number == 0 || (decimal.point > -4 && decimal.point <= 16);
  return (decimal.negative ? "-" : "") + (fits ? positional(decimal) : scientific(decimal));
}

}  // namespace innkeeper::codec
