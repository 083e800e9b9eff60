#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/session_output.h"
#include "commands/session_selection.h"
#include "commands/sessions.h"
#include "engine/engine.h"
#include "output/json_writer.h"
#include "output/terminal.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

// How many a dry run lists one by one.
constexpr int shown_limit = 100;

struct Options {
  std::vector<std::string> ids;
  SessionSelection selection;
  bool dry_run = false, yes = false, all = false, as_json = false;
};

void check(const Options& options) {
  const bool by_id = !options.ids.empty();
  const bool selects = options.selection.narrows() || options.selection.active || options.all ||
                       !options.selection.all_but.empty();
  if (by_id && selects)
    throw ConfigError("name sessions by id, or select them by options, not both");
  if (!by_id && !options.selection.narrows() && !options.all) {
    throw ConfigError(
        "that would end everybody's sessions: name some by id or select them, or say --all");
  }
}

std::vector<store::SessionFilter> filters_of(const Options& options, House& house) {
  std::vector<store::SessionFilter> filters;
  for (const std::string& id : options.ids) filters.emplace_back().only = session_id(id);
  if (!filters.empty()) return filters;
  auto filter = options.selection.filter(house);
  if (!filter) return {};
  // What is over needs no ending, unless that is what was asked for.
  if (!options.selection.expired) filter->validity = store::SessionFilter::Validity::active;
  filters.push_back(std::move(*filter));
  return filters;
}

std::int64_t revoke(const std::vector<store::SessionFilter>& filters, bool dry_run, House& house) {
  ProgressBar bar("Ending sessions:");
  engine::RevokeOptions revoke;
  revoke.actor = "command";
  revoke.dry_run = dry_run;
  revoke.progress = [&bar](std::int64_t done) { bar.show(static_cast<std::uint64_t>(done), 0); };
  std::int64_t ended = 0;
  for (const store::SessionFilter& filter : filters)
    ended += house.engine().revoke_all(filter, revoke);
  return ended;
}

std::vector<store::SessionSummary> preview(const std::vector<store::SessionFilter>& filters,
                                           House& house) {
  std::vector<store::SessionSummary> sessions;
  for (const store::SessionFilter& filter : filters) {
    for (store::SessionSummary& session :
         full_page(filter, {.size = shown_limit}, house).sessions) {
      if (sessions.size() < shown_limit) sessions.push_back(std::move(session));
    }
  }
  return sessions;
}

bool is_confirmed(const Options& options, const std::vector<store::SessionFilter>& filters,
                  House& house) {
  if (options.yes || options.dry_run || !input_is_terminal()) return true;
  const std::int64_t number = revoke(filters, true, house);
  if (number == 0) return true;
  const std::string what = options.ids.empty() ? options.selection.describe() : "sessions";
  return confirm("End " + std::to_string(number) + " " + what + "? [y/N] ");
}

void say(const Options& options, std::int64_t ended,
         const std::vector<store::SessionSummary>& sessions, House& house) {
  if (options.as_json) {
    JsonObject object;
    object.add(options.dry_run ? "would_end" : "ended", ended).add("dry_run", options.dry_run);
    if (options.dry_run) object.raw("sessions", json_array(sessions_json(sessions, house)));
    std::cout << object.text() << "\n";
    return;
  }
  if (!sessions.empty()) std::cout << sessions_table(sessions, house);
  std::cout << (options.dry_run ? "Would end: " : "Ended: ") << ended << "\n";
}

ExitCode run(const Options& options, Surroundings& around) {
  check(options);
  House& house = around.house;
  const std::vector<store::SessionFilter> filters = filters_of(options, house);
  if (!is_confirmed(options, filters, house)) {
    std::cerr << "Nothing was ended.\n";
    return ExitCode::nothing;
  }
  std::vector<store::SessionSummary> sessions;
  if (options.dry_run) sessions = preview(filters, house);
  const std::int64_t ended = revoke(filters, options.dry_run, house);
  say(options, ended, sessions, house);
  return ended > 0 ? ExitCode::ok : ExitCode::nothing;
}

}  // namespace

Command sessions_revoke_command() {
  const auto options = std::make_shared<Options>();
  Command command{"revoke", "End sessions, at once and for every program", "", {}, {}, {}};
  command.details =
      "On a terminal it says how many and asks; elsewhere it does not ask. Selected by options, "
      "sessions that are alive\n"
      "are ended (with --expired those that are over).\n"
      "\nExamples:\n"
      "  innkeeper sessions revoke --user ada\n"
      "  innkeeper sessions revoke --ip 203.0.113.0/24 --dry-run\n"
      "  innkeeper sessions revoke --user ada --all-but 0f3c…      all but this one\n"
      "  innkeeper sessions revoke --all --yes                     everybody\n"
      "  innkeeper sessions revoke --all --all-but 0f3c…           everybody's but this one\n"
      "\nExit codes: 0 some were ended · 1 none · 2 that would be everybody · 3 the database said "
      "no";
  command.declare = [options](Arguments& arguments) {
    arguments.texts("ID", options->ids, "Sessions by id");
    options->selection.declare(arguments);
    arguments.flag("--all", options->all, "Everybody's, where nothing else selects");
    arguments.flag("--dry-run", options->dry_run, "End nothing: list what would end");
    arguments.flag("-y,--yes", options->yes, "Do not ask");
    arguments.flag("--json", options->as_json, "One JSON object");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
