// Codes, English short names and continents of the world's countries, for location files that tell
// a code only.
//
// The codes are ISO 3166-1 alpha-2 (with XK, the user-assigned code that location files use for
// Kosovo), the names the short English ones in common use, the continents those that geography
// books and location files give (a country on two continents stands on the one of its capital;
// Cyprus, as in GeoNames, in Europe).
#pragma once

#include <string_view>

namespace innkeeper::location {

struct Country {
  std::string_view code;       // "SE"
  std::string_view continent;  // "EU"
  std::string_view name;       // "Sweden"
};

// Null for a code that is not in use. Small letters are taken too.
const Country* country_with_code(std::string_view code);

// "EU" → "Europe"; empty for anything but the seven codes.
std::string_view continent_name(std::string_view code);

}  // namespace innkeeper::location
