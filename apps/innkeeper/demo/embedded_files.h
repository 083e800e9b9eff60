// The files of data/demo, part of the program, so that `innkeeper demo` needs nothing beside it.
#pragma once

#include <string_view>

namespace innkeeper::app {

// Real User-Agent texts, one a line.
std::string_view demo_user_agents();
// A location file that puts the documentation's address ranges into real cities.
std::string_view demo_locations();

}  // namespace innkeeper::app
