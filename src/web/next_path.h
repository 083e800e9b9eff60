// Where to go after signing in: a path of this site, whatever a link says.
#pragma once

#include <string>
#include <string_view>

namespace innkeeper::web {

// `next` if every browser takes it for a path of this site, else `otherwise`. Refused: other
// schemes and hosts ("https://…", "//host", "/\host"), control characters, backslashes, what
// doesn't start with '/'.
std::string local_path(std::string_view next, std::string_view otherwise);

}  // namespace innkeeper::web
