// Names that stand more than once in a JSON object: the last one's value holds, at the place of the
// first. Internal to codec.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <vector>

namespace innkeeper::codec {

inline constexpr std::size_t superseded = static_cast<std::size_t>(-1);

// `name_of(i)` is the name of member i of `count`. Empty where all differ, which is nearly always;
// else, for each member, the index of the member whose value stands in its place, or `superseded`
// where its name has come before. Sorting instead of hashing: nobody can choose names that make it
// slow.
template <class NameOf>
std::vector<std::size_t> winners(std::size_t count, NameOf name_of) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return std::string_view(name_of(left)) < std::string_view(name_of(right));
  });
  const auto same_name = [&](std::size_t left, std::size_t right) {
    return name_of(left) == name_of(right);
  };
  if (std::adjacent_find(order.begin(), order.end(), same_name) == order.end()) return {};
  std::vector<std::size_t> winner(count, superseded);
  for (std::size_t i = 0; i < count;) {
    std::size_t last = i;
    while (last + 1 < count && same_name(order[i], order[last + 1])) ++last;
    winner[order[i]] = order[last];
    i = last + 1;
  }
  return winner;
}

// The same answer as `winners(…).empty()`, faster for the few members of an ordinary object.
template <class NameOf>
bool few_and_distinct(std::size_t count, NameOf name_of) {
  constexpr std::size_t few = 16;
  if (count > few) return false;
  for (std::size_t i = 1; i < count; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (name_of(i) == name_of(j)) return false;
    }
  }
  return true;
}

}  // namespace innkeeper::codec
