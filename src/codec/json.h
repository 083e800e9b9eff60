// JSON exactly as Python's json module reads and writes it, which is what sessions hold.
//
// Beyond RFC 8259 it takes and gives NaN, Infinity, -Infinity, lone surrogates and unbounded
// integers; what it writes is what json.dumps(…, separators=(',', ':')) with ensure_ascii writes,
// byte for byte. Source: Python's json/encoder.py and scanner; checked against Python itself in the
// tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "base/result.h"

namespace innkeeper::codec {

enum class JsonError {
  syntax,         // not JSON as Python reads it
  not_an_object,  // JSON, but its top level is no object
  too_deep,       // nested deeper than the limit
  trailing_text,  // something follows the value
};
std::string_view describe(JsonError error);  // "it is no JSON", for people

// The deepest nesting that a program may write: any Python reads it, from however deep a call
// (its decoder stops near the recursion limit of 1000, less what it was called from).
inline constexpr int default_json_depth = 512;
// The deepest that is read: whatever a Python could have written. Up to 3.11 that is just under
// 1000, since 3.12 it is 10,000.
inline constexpr int deepest_json_read = 10'000;

// Splits an object into its top-level members, each value's text as it came (validated to the last
// byte, strings and numbers untouched). Names come out canonical. `text` is read as latin-1, as
// Django does: bytes beyond ASCII, which Python never writes, become \u00xx, so that what comes out
// is ASCII always.
Result<Fields, JsonError> parse_object(std::string_view text, int depth = deepest_json_read);

// Why parse_object would refuse the text, or nothing; makes no members.
std::optional<JsonError> object_error(std::string_view text, int depth = deepest_json_read);

// The object again: `{"name":value,…}`. join(parse_object(x)) == x for every x that Python wrote.
std::string join_object(const Fields& fields);

// Any JSON value in any spelling (UTF-8 or ASCII, white space, 1.0E+3, \/) → the text json.dumps
// would give for what json.loads reads: numbers as Python prints them, strings escaped to ASCII,
// the last of duplicate keys kept at the place of the first. Bytes that are no UTF-8 are a syntax
// error; surrogates as three bytes are taken.
Result<std::string, JsonError> canonical_json(std::string_view utf8,
                                              int depth = default_json_depth);

// The canonical name (inside of the quotes) of a UTF-8 key; bytes that are no UTF-8 are taken as
// latin-1.
std::string canonical_name(std::string_view utf8);

// Single values, as a program writes and reads them.
std::string json_string(std::string_view utf8);  // "Zo\u00eb", with its quotes
std::string json_integer(std::int64_t number);   // 42
std::string json_float(double number);           // Python's repr: 1.5, 1e+16, NaN
inline std::string json_bool(bool value) { return value ? "true" : "false"; }

// The reverse: nothing where the text is another type, or has anything around the value. A string
// with a lone surrogate gives U+FFFD for it; raw bytes beyond ASCII are read as UTF-8.
std::optional<std::string> string_value(std::string_view json);  // UTF-8
std::optional<std::int64_t> integer_value(
    std::string_view json);                                // also nothing where it exceeds 64 bits
std::optional<double> float_value(std::string_view json);  // takes integers too
std::optional<bool> bool_value(std::string_view json);

// The same value over several lines with `indent` spaces a level, for people; the values' texts are
// kept. What is no JSON, or is nested beyond the default depth, comes back as it is.
std::string indented_json(std::string_view json, int indent = 2);

}  // namespace innkeeper::codec
