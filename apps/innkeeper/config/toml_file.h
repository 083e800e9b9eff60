// The settings file: TOML, flat, the settings' names as its keys.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "config/value.h"

namespace innkeeper::app {

// The members of the text's top level in the order of their lines, each with FILE:LINE; values are
// not checked yet. `file` is for messages and for what relative paths start from. Throws
// ConfigError (FILE:LINE, reason) where the text is not TOML or the file's folder is unknown. A
// reason names places and single characters, never a value.
std::vector<RawSetting> read_toml(std::string_view text, const std::filesystem::path& file);

// The same of a file, which is at most 1 MiB. Throws ConfigError (file, reason) where it cannot be
// read.
std::vector<RawSetting> read_toml_file(const std::filesystem::path& file);

}  // namespace innkeeper::app
