#include <iostream>
#include <memory>

#include "commands/command.h"
#include "config/reference.h"

namespace innkeeper::app {

Command settings_command() {
  struct Options {
    bool as_json = false, markdown = false;
  };
  const auto options = std::make_shared<Options>();
  Command command{
      "settings", "Show the settings in force and where each comes from; secrets masked",
      "",         {},
      {},         {}};
  command.details =
      "Examples:\n"
      "  innkeeper settings --config /etc/innkeeper/innkeeper.toml\n"
      "  innkeeper settings --json | jq .DATABASE\n"
      "\nExit codes: 0 they are well-formed · 2 they are not, and where";
  command.declare = [options](Arguments& arguments) {
    arguments.flag("--json", options->as_json, "One JSON object");
    arguments.flag("--markdown", options->markdown,
                   "The reference of all settings, docs/settings.md");
  };
  command.run = [options](Surroundings& around) {
    if (options->markdown)
      std::cout << settings_markdown();
    else if (options->as_json)
      std::cout << settings_json(around.config) << "\n";
    else
      std::cout << settings_text(around.config);
    return ExitCode::ok;
  };
  return command;
}

}  // namespace innkeeper::app
