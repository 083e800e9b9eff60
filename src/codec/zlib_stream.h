// zlib's compression as Python's zlib module does it by default: the same bytes for the same input,
// but for a short content that holds the same few bytes more than a hundred times, where a match
// may be found at another place. Internal to codec.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace innkeeper::codec {

enum class InflateError {
  broken,     // not a whole zlib stream
  too_large,  // it holds more than the limit
};

// What `compressed` holds, at most `limit` bytes; whatever follows the stream's end is ignored, as
// in Python.
Result<std::string, InflateError> inflate_bounded(std::string_view compressed, std::size_t limit);

// `content` as a zlib stream of level 6, where that takes fewer than `limit` bytes; nothing
// otherwise.
std::optional<std::string> deflate_below(std::string_view content, std::size_t limit);

}  // namespace innkeeper::codec
