// Text that must not be seen. The type stands in the public door
// (docs/decisions/0010-public-door.md).
#pragma once

#include <string_view>

#include "innkeeper/secret.h"  // IWYU pragma: export

namespace innkeeper {

// Whether two texts are the same, in a time that depends on their length only.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace innkeeper
