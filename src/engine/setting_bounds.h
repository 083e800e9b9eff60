// What a setting may be at most, for check() (settings.h) and for who reads settings from
// elsewhere.
#pragma once

#include "base/clock.h"

namespace innkeeper::engine {

// Longer ages would lead out of the calendar, where a moment so long ago is written as one to come.
inline constexpr Seconds longest_age = std::chrono::years(100);

}  // namespace innkeeper::engine
