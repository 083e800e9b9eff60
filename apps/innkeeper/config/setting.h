// The table of settings: one row each drives the TOML file, the environment, the flags, --help and
// docs/settings.md.
//
// SESSION_COOKIE_AGE in the file is INNKEEPER_SESSION_COOKIE_AGE in the environment and
// --session-cookie-age on the command line. A setting that Django has carries Django's name,
// meaning and default. A secret has no flag, since every user of a machine sees the flags in `ps`;
// instead NAME_FILE, everywhere, names a file that holds it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace innkeeper::app {

enum class Kind {
  text,
  path,  // a file or folder, or a URL; a relative one in a settings file starts at that file's
         // folder
  integer,
  seconds,  // whole seconds, as Django has them
  bytes,    // a number, or a text such as "256M"
  boolean,
  choice,    // one of `choices`
  texts,     // a list; separated by commas in the environment and in a flag
  networks,  // a list of addresses and CIDR blocks
  secret,    // never printed, no flag
  secrets,   // a list of them; their NAME_FILE has one a line
};

// A row of the table. All texts live as long as the program.
struct Setting {
  std::string_view name;
  Kind kind;
  std::string_view fallback;      // the default, written as in the environment
  std::string_view help;          // one line, no full stop
  std::string_view choices = {};  // "a|b|c", for Kind::choice
  std::int64_t least = 0;         // limits of a number
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// Settings that belong together, under one heading.
struct SettingGroup {
  std::string_view title;
  std::span<const Setting> settings;
};

std::span<const SettingGroup> setting_groups();

// By its exact name; null where there is none.
const Setting* find_setting(std::string_view name);

// Names that may stand where a setting's may: of the settings themselves and NAME_FILE of the
// secrets.
bool is_setting_name(std::string_view name);

inline bool is_secret(const Setting& setting) {
  return setting.kind == Kind::secret || setting.kind == Kind::secrets;
}

// One by one.
std::vector<std::string> choices_of(const Setting& setting);

std::string environment_name(std::string_view setting);  // INNKEEPER_SESSION_COOKIE_AGE
std::string flag_name(std::string_view setting);         // --session-cookie-age
std::string_view describe(Kind kind);                    // "seconds", "list of networks", …

}  // namespace innkeeper::app
