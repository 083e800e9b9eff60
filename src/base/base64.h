// Base64 (RFC 4648): the URL-safe alphabet without padding for payloads, the standard one for
// password hashes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace innkeeper {

enum class Base64 {
  url,       // A–Z a–z 0–9 - _, no padding
  standard,  // A–Z a–z 0–9 + /, padded with =
};

std::string base64_encode(std::string_view bytes, Base64 alphabet);

// Strict: no character outside the alphabet, no white space; for `url` no padding, for `standard`
// padding as due. Unused bits of the last character may be anything (Django's decoder accepts
// them). Nothing where it is not that.
std::optional<std::string> base64_decode(std::string_view text, Base64 alphabet);

}  // namespace innkeeper
