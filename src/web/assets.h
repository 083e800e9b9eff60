// Files that are compiled into the program: cmake/EmbedFiles.cmake writes the table from
// templates/.
#pragma once

#include <span>
#include <string_view>

namespace innkeeper::web {

struct Asset {
  std::string_view name;  // "sign_in.html"
  std::string_view content;
};

std::span<const Asset> assets();
// Empty where there is none of that name.
std::string_view asset(std::string_view name);

}  // namespace innkeeper::web
