// The table of settings as text: for docs/settings.md, which a test holds to it, and for people.
#pragma once

#include <string>

#include "config/config.h"

namespace innkeeper::app {

// docs/settings.md, whole.
std::string settings_markdown();

// The settings in force, a line each: name, value, where it comes from; secrets masked.
std::string settings_text(const Config& config);
// The same as one JSON object: {"NAME": {"value": …, "from": …}}; a secret's value is true or
// false: is there one?
std::string settings_json(const Config& config);

}  // namespace innkeeper::app
