#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/session_output.h"
#include "commands/session_selection.h"
#include "commands/sessions.h"
#include "engine/engine.h"
#include "output/json_writer.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

constexpr std::int64_t page_limit = 10000;

struct Options {
  SessionSelection selection;
  std::int64_t limit = 100;
  std::optional<std::string> after;
  bool as_json = false;
};

store::SessionPlace place_of(const Options& options) {
  store::SessionPlace place;
  place.size = static_cast<int>(options.limit);
  if (options.after) {
    place.cursor = parse_cursor(*options.after);
    if (!place.cursor) throw ConfigError("--after wants what the list before gave as its next");
  }
  return place;
}

ExitCode run(const Options& options, Surroundings& around) {
  House& house = around.house;
  const auto filter = options.selection.filter(house);
  store::SessionPage page;
  if (filter) page = full_page(*filter, place_of(options), house);
  if (options.as_json) {
    JsonObject object;
    object.raw("sessions", json_array(sessions_json(page.sessions, house)));
    object.raw("next", page.next ? json(cursor_text(*page.next)) : "null");
    std::cout << object.text() << "\n";
  } else if (page.sessions.empty()) {
    std::cerr << "innkeeper: no such sessions\n";
  } else {
    std::cout << sessions_table(page.sessions, house);
    if (page.next) std::cerr << "More: --after " << cursor_text(*page.next) << "\n";
  }
  return page.sessions.empty() ? ExitCode::nothing : ExitCode::ok;
}

}  // namespace

Command sessions_list_command() {
  const auto options = std::make_shared<Options>();
  Command command{"list", "Show sessions, the last used first", "", {}, {}, {}};
  command.details =
      "Examples:\n"
      "  innkeeper sessions list --user ada --active\n"
      "  innkeeper sessions list --ip 203.0.113.0/24 --json | jq -r '.sessions[].id'\n"
      "\nExit codes: 0 some were found · 1 none · 3 the database said no";
  command.declare = [options](Arguments& arguments) {
    options->selection.declare(arguments);
    arguments.number("--limit", options->limit, {1, page_limit}, "At most so many");
    arguments.optional_text("--after", options->after, "Go on where the list before ended");
    arguments.flag("--json", options->as_json, "One JSON object");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
