#include "web/next_path.h"

#include <algorithm>

namespace innkeeper::web {
namespace {

// Browsers drop tabs and newlines from URLs and read a backslash as a slash.
bool is_odd(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte >= 0x7f || c == '\\';
}

}  // namespace

std::string local_path(std::string_view next, std::string_view otherwise) {
  const bool local = next.starts_with('/') && !next.starts_with("//") && next.size() <= 2048 &&
                     std::none_of(next.begin(), next.end(), is_odd);
  return std::string(local ? next : otherwise);
}

}  // namespace innkeeper::web
