// What a new user may be called: Django's limits, and nothing that a page, a log or another program
// would stumble over.
#pragma once

#include <optional>
#include <string>

#include "user/user.h"

namespace innkeeper::user {

inline constexpr std::size_t longest_username = 150;  // characters, as in Django
inline constexpr std::size_t longest_email = 254;

// What is wrong with the texts of `user`, for people and without repeating them; nothing where all
// is well. Texts are UTF-8 without control characters; a username and an e-mail address begin and
// end with no blank; a username is never empty.
std::optional<std::string> fault_of(const User& user);

}  // namespace innkeeper::user
