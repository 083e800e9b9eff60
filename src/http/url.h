// Percent-encoding, paths and form parameters (RFC 3986; the URL standard's form encoding).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace innkeeper::http {

// A request's path as handlers see it, or nothing where it must be refused: it does not start with
// '/', has a broken escape, a control character (NUL among them), or a segment "." or "..", escaped
// or not. Escapes are decoded, but for %2F and %25: they stay (in this spelling), so that a segment
// that holds a slash is not taken for two, and decoding a segment again is safe.
std::optional<std::string> decode_path(std::string_view raw);

// Decodes %XX; nothing where an escape is broken.
std::optional<std::string> percent_decode(std::string_view text);
// Encodes everything but the unreserved characters: fit for a path segment and for a query's value.
std::string percent_encode(std::string_view text);
// A path of decode_path() as one word of ASCII for a line of the log, where blanks and signs of
// another's choosing could pass for the log's own; of a long one the beginning, and "...".
std::string path_for_log(std::string_view path);

using Parameters = std::vector<std::pair<std::string, std::string>>;
// "a=1&b=x+y" → names and values, '+' as space; a broken escape stays as it came. Never fails; at
// most `limit` parameters are read.
Parameters parse_form(std::string_view text, std::size_t limit = 4096);
// The reverse.
std::string format_form(const Parameters& parameters);

}  // namespace innkeeper::http
