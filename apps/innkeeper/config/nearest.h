// "Did you mean …?": the known name that a mistyped one most resembles.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace innkeeper::app {

// How many letters must be put in, taken out, replaced or swapped with their neighbour to make one
// text of the other (the optimal string alignment distance; the case of ASCII letters is ignored).
std::size_t edit_distance(std::string_view left, std::string_view right);

// The candidate at the least distance from `name`; empty where none is near enough to be what was
// meant (a third of the name's length, and at most 6).
std::string nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace innkeeper::app
