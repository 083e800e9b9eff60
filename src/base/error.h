// The exceptions of broken surroundings. They pass through the public door as they are, so they are
// written there (docs/decisions/0010-public-door.md). What ordinary life brings is a Result, see
// result.h.
#pragma once

#include "innkeeper/error.h"  // IWYU pragma: export
