// What of a location file may be shown: texts that a page, a log line and Python can take as they
// are.
#pragma once

#include <string_view>

namespace innkeeper::location {

// Not longer than any place's name (255 bytes), well-formed UTF-8 (no surrogates, no overlong
// forms, RFC 3629) and without control characters.
bool is_plain_text(std::string_view text);

}  // namespace innkeeper::location
