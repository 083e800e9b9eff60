// Names of ASCII in which case means nothing, as those of headers, their parameters and schemes.
#pragma once

#include <algorithm>
#include <string_view>

namespace innkeeper {

constexpr bool same_name(std::string_view left, std::string_view right) {
  constexpr auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace innkeeper
