// The settings in force: defaults, then the settings file, then the environment, then flags.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "config/value.h"

namespace innkeeper::app {

using Environment = std::vector<std::pair<std::string, std::string>>;  // name, value
Environment process_environment();

// Where settings may stand, apart from the defaults.
struct Sources {
  std::optional<std::filesystem::path> file;  // --config or INNKEEPER_CONFIG; must be there
  Environment environment;
  std::vector<std::pair<std::string, std::string>> flags;  // setting's name, text
};

// The file of `Sources` where nobody named one: innkeeper.toml in the working directory, else
// /etc/innkeeper/innkeeper.toml, else none.
std::optional<std::filesystem::path> usual_settings_file();

// Every setting has a checked value.
class Config {
 public:
  // Throws ConfigError for the first unknown or ill-typed setting: FILE:LINE, the variable or the
  // flag, what is wrong, and for an unknown name the nearest known one. No message shows a secret's
  // value.
  static Config load(const Sources& sources);

  // The defaults and these, whatever the surroundings say: for `innkeeper demo`.
  static Config of(const std::vector<std::pair<std::string, std::string>>& settings);

  // Takes a setting's value from another, and whence that has it.
  void keep(std::string_view name, const Config& other);

  // The value of a setting that the table has, with the type that its kind gives.
  const std::string& text(std::string_view name) const { return get<std::string>(name); }
  std::int64_t number(std::string_view name) const { return get<std::int64_t>(name); }
  bool flag(std::string_view name) const { return get<bool>(name); }
  const std::vector<std::string>& list(std::string_view name) const {
    return get<std::vector<std::string>>(name);
  }
  const Secret& secret(std::string_view name) const { return get<Secret>(name); }
  const std::vector<Secret>& secrets(std::string_view name) const {
    return get<std::vector<Secret>>(name);
  }

  const Value& value(std::string_view name) const { return m_values.find(name)->second.value; }
  // Who said so: "default", "FILE:LINE", "INNKEEPER_…", "--…".
  const Origin& origin(std::string_view name) const { return m_values.find(name)->second.origin; }
  // The files that the secrets in force stand in, each once.
  std::vector<std::filesystem::path> secret_files() const;

 private:
  struct Chosen {
    Value value;
    Origin origin;
    std::filesystem::path file;  // that the value stands in, if it does
  };
  template <class T>
  const T& get(std::string_view name) const {
    return std::get<T>(m_values.find(name)->second.value);
  }
  void take_defaults();
  void take(const RawSetting& raw);
  std::map<std::string, Chosen, std::less<>> m_values;
};

// "unknown setting X. Did you mean Y?", for `name` as it was written in any source.
std::string unknown_setting(std::string_view name);

}  // namespace innkeeper::app
