// A rules file of a site's own: uap-core's regexes.yaml, of any later date.
#pragma once

#include <filesystem>

#include "device/rules.h"

namespace innkeeper::device {

// A regexes.yaml is a fifth of a megabyte; what is far from that isn't one.
inline constexpr std::size_t rules_file_limit = 8 * 1024 * 1024;
inline constexpr std::size_t rules_limit = 20'000;

// Reads `user_agent_parsers`, `os_parsers` and `device_parsers`. Throws FileError: the file, and
// what is wrong in which line. Patterns aren't compiled here.
RuleTexts read_rules_file(const std::filesystem::path& file);

}  // namespace innkeeper::device
