#include <iostream>
#include <memory>
#include <tuple>

#include "commands/command.h"
#include "config/options.h"
#include "config/reference.h"
#include "serve/site.h"

namespace innkeeper::app {

namespace {

// What is well-formed each by itself may still be impossible.
void check(const Config& config) {
  const engine::Settings settings = engine_settings(config);
  engine::check(settings);
  std::ignore = codec::PayloadCodec(settings.keys, settings.payload_limits);
  database_options(config);
  cache_options(config);
  user_columns(config);
  server_options(config);
  site_options(config);
}

}  // namespace

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
      "\nExit codes: 0 the program can work with them · 2 it cannot, and why";
  command.declare = [options](Arguments& arguments) {
    arguments.flag("--json", options->as_json, "One JSON object");
    arguments.flag("--markdown", options->markdown,
                   "The reference of all settings, docs/settings.md");
  };
  command.run = [options](Surroundings& around) {
    if (options->markdown) {
      std::cout << settings_markdown();
      return ExitCode::ok;
    }
    if (options->as_json)
      std::cout << settings_json(around.config) << "\n";
    else
      std::cout << settings_text(around.config);
    check(around.config);
    return ExitCode::ok;
  };
  return command;
}

}  // namespace innkeeper::app
