// Numbers between their text and a double, as Python does it. Internal to codec.
#pragma once

#include <string>
#include <string_view>

namespace innkeeper::codec {

// The nearest double to a JSON number; an infinity beyond the range, zero below it, as Python's
// float().
double read_double(std::string_view number);

// The number as json.dumps writes what json.loads made of it: floats by their repr, -0 as the
// integer 0.
std::string canonical_integer(std::string_view number);
std::string canonical_float(std::string_view number);

}  // namespace innkeeper::codec
