// A setting's value: as a source gives it, and as the program takes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/secret.h"
#include "config/setting.h"

namespace innkeeper::app {

// What a TOML file can hold, as far as settings need it. Anything else (a table, a date) is Other,
// with its name.
struct Other {
  std::string what;  // "a table"
};
using RawValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>, Other>;

// Which of the sources said it. The later overrides the earlier; `program` is `innkeeper demo`,
// which knows best.
enum class Source { fallback, file, environment, flag, program };

// Where exactly, for messages, and what relative paths start from.
struct Origin {
  Source source = Source::fallback;
  std::string where;  // "/etc/innkeeper.toml:12", "INNKEEPER_LISTEN", "--listen", "default"
  // The settings file, by its whole path; empty: relative paths start at the working directory.
  std::filesystem::path file;
};

struct RawSetting {
  std::string name;  // as written: may be unknown, or NAME_FILE
  RawValue value;
  Origin origin;
};

// As the program takes it. text, path and choice are a string; integer, seconds and bytes a number;
// texts and networks a list.
using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>, Secret,
                           std::vector<Secret>>;

// Checks and converts. Throws ConfigError (where, the name, what is wanted, and, of a value that is
// no secret, what stands there).
Value convert(const Setting& setting, const RawValue& raw, const Origin& origin);

struct SecretOfFile {
  Value value;
  std::filesystem::path file;
};

// The contents of the file that NAME_FILE names: one secret without the line breaks at its end, or
// one a line, without the blanks around it. Throws ConfigError (where, the file, the reason; never
// the contents) where it cannot be read, is empty or has more than 1 MiB.
SecretOfFile read_secret_file(const Setting& setting, const RawValue& path, const Origin& origin);

// The value as one writes it in the environment; of a secret only whether there is one, and of a
// URL not who signs in with which password.
std::string display(const Value& value);

}  // namespace innkeeper::app
