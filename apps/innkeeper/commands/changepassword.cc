#include <iostream>
#include <memory>

#include "commands/command.h"
#include "commands/new_password.h"
#include "output/json_writer.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::string username;
  bool no_input = false, as_json = false;
};

ExitCode run(const Options& options, Surroundings& around) {
  engine::Accounts& accounts = around.house.accounts();
  const auto user = accounts.find_by_username(options.username);
  if (!user) {
    std::cerr << "innkeeper: there is no user " << options.username << "\n";
    return ExitCode::nothing;
  }
  const Secret password = new_password(options.no_input, around.environment, "INNKEEPER_PASSWORD");
  accounts.set_password(user->id, password, "command");
  if (options.as_json) {
    std::cout << JsonObject().add("id", user->id).add("username", user->username).text() << "\n";
    return ExitCode::ok;
  }
  std::cout << "The password of " << user->username
            << " is changed, and their sessions are ended.\n";
  return ExitCode::ok;
}

}  // namespace

Command changepassword_command() {
  const auto options = std::make_shared<Options>();
  Command command{
      "changepassword", "Give a user another password, and end their sessions", "", {}, {}, {}};
  command.details =
      "Asks for the password without echo, twice; with --no-input it is in INNKEEPER_PASSWORD or "
      "the file that\n"
      "INNKEEPER_PASSWORD_FILE names.\n"
      "\nExit codes: 0 changed · 1 no such user · 2 no password, or too short a one · 3 the "
      "database said no";
  command.declare = [options](Arguments& arguments) {
    arguments.text("USERNAME", options->username, "Whose", true);
    arguments.flag("--no-input,--noinput", options->no_input, "Ask nothing: the environment");
    arguments.flag("--json", options->as_json, "One JSON object: id and username");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
