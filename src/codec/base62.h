// Whole numbers in base 62, digits 0-9A-Za-z, the most significant first: the time stamp of a
// signed text. Internal to codec. Source: b62_encode in django/core/signing.py.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace innkeeper::codec {

std::string base62_encode(std::int64_t number);

// One digit or more, a minus sign before them allowed. The value is of no use here: no payload is
// too old.
bool is_base62(std::string_view text);

}  // namespace innkeeper::codec
