#include "commands/new_password.h"

#include "base/error.h"
#include "config/value.h"
#include "output/terminal.h"

namespace innkeeper::app {
namespace {

constexpr std::size_t shortest = 8;

Secret from_environment(const Environment& environment, const std::string& name) {
  const std::string file = environment_value(environment, name + "_FILE").value_or("");
  if (!file.empty()) {
    const Setting setting{name, Kind::secret, "", ""};
    return std::get<Secret>(
        read_secret_file(setting, file, {Source::environment, name + "_FILE", {}}));
  }
  Secret password{environment_value(environment, name).value_or("")};
  if (password.empty())
    throw ConfigError("--no-input takes the password from " + name + ", which is not set");
  return password;
}

Secret from_terminal() {
  const auto first = ask_secret("Password: ");
  const auto again = first ? ask_secret("Password (again): ") : std::nullopt;
  if (!again) throw ConfigError("no password was given");
  if (!equal_in_constant_time(first->reveal(), again->reveal()))
    throw ConfigError("the two passwords differ");
  return *first;
}

}  // namespace

std::optional<std::string> environment_value(const Environment& environment,
                                             std::string_view name) {
  for (const auto& [variable, value] : environment) {
    if (variable == name) return value;
  }
  return std::nullopt;
}

Secret new_password(bool no_input, const Environment& environment, const std::string& name) {
  Secret password = no_input ? from_environment(environment, name) : from_terminal();
  if (password.size() < shortest) throw ConfigError("a password of 8 characters or more, please");
  return password;
}

}  // namespace innkeeper::app
