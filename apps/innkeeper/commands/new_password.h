// Where createsuperuser and changepassword take a password from: the terminal, without echo, or the
// environment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "config/config.h"

namespace innkeeper::app {

// The value of a variable, which may be empty; nothing where there is none.
std::optional<std::string> environment_value(const Environment& environment, std::string_view name);

// Asked for twice, or, with `no_input`, of the variable `name` or the file that `name`_FILE names.
// Throws ConfigError where both tries differ, both variables are set, there is none, or it has
// fewer than 8 characters (code points).
Secret new_password(bool no_input, const Environment& environment, const std::string& name);

}  // namespace innkeeper::app
