#include <charconv>
#include <limits>

#include "codec/json.h"
#include "codec/json_number.h"
#include "codec/json_reader.h"
#include "codec/json_text.h"

namespace innkeeper::codec {

namespace {

// The scalar that is the whole of `json`, if it is one.
std::optional<Scalar> only_scalar(std::string_view json) {
  JsonReader reader(json);
  const auto scalar = reader.take_scalar();
  if (!scalar || !reader.at_end()) return std::nullopt;
  return scalar;
}

double constant_value(std::string_view word) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (word == "NaN") return std::numeric_limits<double>::quiet_NaN();
  return word.front() == '-' ? -infinity : infinity;
}

}  // namespace

std::string canonical_name(std::string_view utf8) {
  std::string name;
  append_escaped(name, utf8);
  return name;
}

std::string json_string(std::string_view utf8) {
  std::string text = "\"";
  append_escaped(text, utf8);
  return text += '"';
}

std::string json_integer(std::int64_t number) { return std::to_string(number); }

std::optional<std::string> string_value(std::string_view json) {
  const auto scalar = only_scalar(json);
  if (!scalar || scalar->kind != Scalar::Kind::string) return std::nullopt;
  std::string text;
  append_unescaped(text, json.substr(1, json.size() - 2));
  return text;
}

std::optional<std::int64_t> integer_value(std::string_view json) {
  const auto scalar = only_scalar(json);
  if (!scalar || scalar->kind != Scalar::Kind::integer) return std::nullopt;
  std::int64_t number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  if (read.ec != std::errc{}) return std::nullopt;
  return number;
}

std::optional<double> float_value(std::string_view json) {
  const auto scalar = only_scalar(json);
  if (!scalar || scalar->kind == Scalar::Kind::string) return std::nullopt;
  if (scalar->kind != Scalar::Kind::word) return read_double(json);
  if (json == "null" || json == "true" || json == "false") return std::nullopt;
  return constant_value(json);
}

std::optional<bool> bool_value(std::string_view json) {
  if (json == "true") return true;
  if (json == "false") return false;
  return std::nullopt;
}

}  // namespace innkeeper::codec
