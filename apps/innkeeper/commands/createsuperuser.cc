#include <iostream>
#include <memory>

#include "base/digest.h"
#include "base/error.h"
#include "commands/command.h"
#include "commands/new_password.h"
#include "output/json_writer.h"
#include "output/terminal.h"
#include "user/user_check.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::optional<std::string> username, email, id;
  bool no_input = false, as_json = false;
};

// RFC 9562, version 4.
std::string random_uuid(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const std::size_t hyphen : {20u, 16u, 12u, 8u}) text.insert(hyphen, "-");
  return text;
}

// A table that numbers its rows takes none; a text key nobody can make up.
std::string id_for(const Options& options, Surroundings& around) {
  const std::string& type = around.config.text("USER_KEY_TYPE");
  if (type == "integer" && options.id)
    throw ConfigError("--id: the database numbers the users here (USER_KEY_TYPE): leave it out");
  if (options.id && options.id->empty()) throw ConfigError("--id is empty: give the primary key");
  if (options.id) return *options.id;
  if (type == "text") throw ConfigError("users have text keys here (USER_KEY_TYPE): say --id");
  return type == "uuid" ? random_uuid(around.house.random()) : "";
}

// An empty answer is one, too: nothing is asked for that was given.
std::string answer(const std::optional<std::string>& given, const char* variable,
                   const char* question, const Options& options, Surroundings& around) {
  if (given) return *given;
  if (const auto value = environment_value(around.environment, variable)) return *value;
  return options.no_input ? "" : ask(question).value_or("");
}

void require_good(const user::User& user) {
  if (const auto fault = user::fault_of(user)) throw ConfigError(*fault + ": choose another");
}

ExitCode run(const Options& options, Surroundings& around) {
  engine::Accounts& accounts = around.house.accounts();
  user::User user;
  user.id = id_for(options, around);
  user.username =
      answer(options.username, "INNKEEPER_SUPERUSER_USERNAME", "Username: ", options, around);
  if (user.username.empty())
    throw ConfigError("which name? Say --username, or set INNKEEPER_SUPERUSER_USERNAME");
  require_good(user);
  if (accounts.find_by_username(user.username)) {
    std::cerr << "innkeeper: there is a user " << user.username << " already\n";
    return ExitCode::nothing;
  }
  const bool has_email = !around.config.text("USER_COLUMN_EMAIL").empty();
  if (has_email)
    user.email =
        answer(options.email, "INNKEEPER_SUPERUSER_EMAIL", "E-mail address: ", options, around);
  require_good(user);
  user.is_active = user.is_staff = user.is_superuser = true;
  user.date_joined = around.house.clock().now();
  const Secret password =
      new_password(options.no_input, around.environment, "INNKEEPER_SUPERUSER_PASSWORD");
  const std::string username = user.username;
  const std::string id = accounts.create(std::move(user), password);
  if (options.as_json)
    std::cout << JsonObject().add("id", id).add("username", username).text() << "\n";
  else
    std::cout << "Superuser " << username << " is made.\n";
  return ExitCode::ok;
}

}  // namespace

Command createsuperuser_command() {
  const auto options = std::make_shared<Options>();
  Command command{
      "createsuperuser", "Make a user who may see and end everybody's sessions", "", {}, {}, {}};
  command.details =
      "Asks for what is not given; the password without echo, twice.\n"
      "\nWith --no-input everything comes from options and INNKEEPER_SUPERUSER_USERNAME, "
      "INNKEEPER_SUPERUSER_EMAIL and\n"
      "INNKEEPER_SUPERUSER_PASSWORD or INNKEEPER_SUPERUSER_PASSWORD_FILE.\n"
      "\nExit codes: 0 made · 1 the name is taken · 2 something is not given, or cannot be · 3 the "
      "database said "
      "no";
  command.declare = [options](Arguments& arguments) {
    arguments.optional_text("--username", options->username, "The name to sign in with");
    arguments.optional_text("--email", options->email, "The e-mail address; may be empty");
    arguments.optional_text("--id", options->id,
                            "The primary key, where the user table doesn't number its rows");
    arguments.flag("--no-input,--noinput", options->no_input,
                   "Ask nothing: options and the environment");
    arguments.flag("--json", options->as_json, "One JSON object: id and username");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
