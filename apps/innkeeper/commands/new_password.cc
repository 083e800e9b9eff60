#include "commands/new_password.h"

#include "base/error.h"
#include "base/utf8.h"
#include "config/value.h"
#include "output/terminal.h"

namespace innkeeper::app {
namespace {

constexpr std::size_t shortest = 8;

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_utf8(text).length);
  return count;
}

Secret from_environment(const Environment& environment, const std::string& name) {
  const std::optional<std::string> given = environment_value(environment, name);
  const std::optional<std::string> file = environment_value(environment, name + "_FILE");
  if (given && file)
    throw ConfigError(name + " is already given, " + name + "_FILE too: keep one of the two");
  if (file) {
    const Setting setting{name, Kind::secret, "", ""};
    return std::get<Secret>(
        read_secret_file(setting, *file, {Source::environment, name + "_FILE", {}}).value);
  }
  if (!given || given->empty()) {
    throw ConfigError("--no-input takes the password from " + name + " or " + name +
                      "_FILE; neither is set");
  }
  return Secret(*given);
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
  if (characters(password.reveal()) < shortest)
    throw ConfigError("a password of 8 characters or more, please");
  return password;
}

}  // namespace innkeeper::app
