#include "config/config.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "config/nearest.h"
#include "config/service_links.h"
#include "config/toml_file.h"

extern char** environ;

namespace innkeeper::app {
namespace {

constexpr std::string_view prefix = "INNKEEPER_";
constexpr std::string_view file_suffix = "_FILE";

// Variables with our prefix that are no settings.
constexpr std::array<std::string_view, 7> other_variables{"INNKEEPER_CONFIG",
                                                          "INNKEEPER_SUPERUSER_USERNAME",
                                                          "INNKEEPER_SUPERUSER_EMAIL",
                                                          "INNKEEPER_SUPERUSER_PASSWORD",
                                                          "INNKEEPER_SUPERUSER_PASSWORD_FILE",
                                                          "INNKEEPER_PASSWORD",
                                                          "INNKEEPER_PASSWORD_FILE"};

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      names.emplace_back(setting.name);
      if (is_secret(setting)) names.push_back(std::string(setting.name) + std::string(file_suffix));
    }
  }
  return names;
}

// Whether a variable is there for this program, be it a setting or a mistyped one.
bool is_ours(std::string_view variable, std::string_view text) {
  if (!variable.starts_with(prefix)) return false;
  const std::string_view name = variable.substr(prefix.size());
  return std::ranges::find(other_variables, variable) == other_variables.end() &&
         (is_setting_name(name) || !is_service_link(name, text));
}

// Django users know this one without a prefix.
bool is_unprefixed(std::string_view variable) {
  return variable == "MAXMIND_LICENSE_KEY" || variable == "MAXMIND_LICENSE_KEY_FILE";
}

std::vector<RawSetting> from_environment(const Environment& environment) {
  std::vector<RawSetting> unprefixed, settings;
  for (const auto& [variable, text] : environment) {
    const Origin origin{Source::environment, variable, {}};
    if (is_unprefixed(variable)) unprefixed.push_back({variable, text, origin});
    if (is_ours(variable, text)) settings.push_back({variable.substr(prefix.size()), text, origin});
  }
  // INNKEEPER_MAXMIND_LICENSE_KEY is the more special of both: where it is there, the other is not
  // looked at.
  const bool special =
      std::ranges::any_of(settings, [](const RawSetting& raw) { return is_unprefixed(raw.name); });
  if (!special) settings.insert(settings.begin(), unprefixed.begin(), unprefixed.end());
  return settings;
}

std::vector<RawSetting> from_flags(const Sources& sources) {
  std::vector<RawSetting> settings;
  for (const auto& [name, text] : sources.flags) {
    settings.push_back({name, text, {Source::flag, flag_name(name), {}}});
  }
  return settings;
}

// SECRET_KEY_FILE → SECRET_KEY; nothing for a name that is no secret's file.
const Setting* secret_of_file(std::string_view name) {
  if (find_setting(name) != nullptr || !is_setting_name(name)) return nullptr;
  return find_setting(name.substr(0, name.size() - file_suffix.size()));
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::optional<std::filesystem::path> usual_settings_file() {
  std::error_code error;
  for (const char* file : {"innkeeper.toml", "/etc/innkeeper/innkeeper.toml"}) {
    if (std::filesystem::exists(file, error)) return file;
  }
  return std::nullopt;
}

std::string unknown_setting(std::string_view name) {
  const std::vector<std::string> names = all_names();
  const std::string close = nearest(name, names);
  std::string message = "unknown setting " + std::string(name.substr(0, 100)) + ".";
  message += close.empty() ? " `innkeeper settings --markdown` lists those there are"
                           : " Did you mean " + close + "?";
  return message;
}

void Config::take_defaults() {
  const Origin origin{Source::fallback, "default", {}};
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      Value value = convert(setting, std::string(setting.fallback), origin);
      m_values.emplace(setting.name, Chosen{std::move(value), origin, {}});
    }
  }
}

void Config::take(const RawSetting& raw) {
  const Setting* by_file = secret_of_file(raw.name);
  const Setting* setting = by_file != nullptr ? by_file : find_setting(raw.name);
  if (setting == nullptr) throw ConfigError(raw.origin.where + ": " + unknown_setting(raw.name));
  Chosen& chosen = m_values.find(setting->name)->second;
  const bool twice = is_secret(*setting) && chosen.origin.source == raw.origin.source;
  if (twice) {
    throw ConfigError(raw.origin.where + ": " + std::string(setting->name) +
                      " is already given by " + chosen.origin.where + ": keep one of the two");
  }
  if (by_file != nullptr) {
    SecretOfFile read = read_secret_file(*setting, raw.value, raw.origin);
    chosen = {std::move(read.value), raw.origin, std::move(read.file)};
  } else {
    chosen = {convert(*setting, raw.value, raw.origin), raw.origin, raw.origin.file};
  }
}

std::vector<std::filesystem::path> Config::secret_files() const {
  std::vector<std::filesystem::path> files;
  for (const auto& [name, chosen] : m_values) {
    if (chosen.file.empty() || !is_secret(*find_setting(name))) continue;
    if (std::ranges::find(files, chosen.file) == files.end()) files.push_back(chosen.file);
  }
  return files;
}

Config Config::of(const std::vector<std::pair<std::string, std::string>>& settings) {
  Config config;
  config.take_defaults();
  for (const auto& [name, text] : settings)
    config.take({name, text, {Source::program, "demo", {}}});
  return config;
}

void Config::keep(std::string_view name, const Config& other) {
  m_values.find(name)->second = other.m_values.find(name)->second;
}

Config Config::load(const Sources& sources) {
  Config config;
  config.take_defaults();
  if (sources.file) {
    for (const RawSetting& raw : read_toml_file(*sources.file)) config.take(raw);
  }
  for (const RawSetting& raw : from_environment(sources.environment)) config.take(raw);
  for (const RawSetting& raw : from_flags(sources)) config.take(raw);
  return config;
}

}  // namespace innkeeper::app
