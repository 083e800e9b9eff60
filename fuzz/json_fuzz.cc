// JSON of any kind, through every door of codec/json.h: what one of them gives, the others must
// take.
#include <cstdint>
#include <cstdlib>

#include "codec/json.h"

namespace {

using namespace innkeeper;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_object(std::string_view text) {
  const auto fields = codec::parse_object(text);
  require(fields.has_value() == !codec::object_error(text));
  if (!fields) return;
  const std::string joined = codec::join_object(*fields);
  require(codec::parse_object(joined) == *fields);
  // What is read may be nested deeper than what a program may write.
  require(codec::canonical_json(joined, codec::deepest_json_read).has_value());
}

void check_canonical(std::string_view text) {
  const auto canonical = codec::canonical_json(text);
  if (!canonical) return;
  require(codec::canonical_json(*canonical) == *canonical);
  require(codec::canonical_json(codec::indented_json(*canonical)) == *canonical);
  const auto fields = codec::parse_object(*canonical);
  if (fields) require(codec::join_object(*fields) == *canonical);
  check_object(*canonical);
}

void check_values(std::string_view text) {
  require(codec::string_value(codec::json_string(text)).has_value());
  const auto string = codec::string_value(text);
  if (string) require(codec::string_value(codec::json_string(*string)) == *string);
  const auto number = codec::float_value(text);
  if (number && *number == *number) {
    require(codec::float_value(codec::json_float(*number)) == *number);
  }
  const auto integer = codec::integer_value(text);
  if (integer) require(codec::integer_value(codec::json_integer(*integer)) == *integer);
  (void)codec::bool_value(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_object(text);
  check_canonical(text);
  check_values(text);
  (void)codec::indented_json(text);
  return 0;
}
