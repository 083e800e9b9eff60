// The User-Agent client hints a browser sends, packed into one column text, and read back.
//
// Format (docs/formats.md): the headers' names without `Sec-CH-UA-`, lower case, and their values
// as they came, "platform=\"Windows\"; platform-version=\"15.0.0\"; model=\"\"", in a fixed order;
// the plain Sec-CH-UA is "brands".
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace innkeeper::device {

// The most bytes of a packed text; the column's width.
inline constexpr std::size_t client_hints_limit = 512;

// The header names that are asked for by Accept-CH, in the order of the packed text.
std::string_view
accept_ch();  // "Sec-CH-UA-Platform, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, …"

// Packs the hints of one request; `header` gives a header's value by its lower-case name, or
// nothing. At most 512 bytes, whole hints only; empty where there is none.
std::string pack_client_hints(
    const std::function<std::optional<std::string_view>(std::string_view)>& header);

struct ClientHints {
  std::string platform, platform_version, model, full_version,
      brand;  // unquoted; empty where absent
  std::optional<bool> mobile;
};
// Never fails: what cannot be read is absent.
ClientHints read_client_hints(std::string_view packed);

}  // namespace innkeeper::device
