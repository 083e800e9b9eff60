#include <chrono>
#include <iostream>
#include <memory>

#include "commands/command.h"
#include "output/json_writer.h"
#include "output/terminal.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

// How far the expired are counted for the bar; beyond, it shows the number alone.
constexpr std::int64_t count_limit = 1'000'000;

struct Options {
  std::int64_t batch_size = 1000, max_seconds = 0;
  bool dry_run = false, as_json = false;
};

engine::PurgeReport purge(const Options& options, engine::Engine& engine) {
  ProgressBar bar("Removing expired sessions:");
  std::uint64_t total = 0;
  engine::PurgeOptions purge;
  purge.batch_size = static_cast<int>(options.batch_size);
  purge.dry_run = options.dry_run;
  if (options.max_seconds > 0) purge.budget = std::chrono::seconds(options.max_seconds);
  if (bar.visible()) {
    store::SessionFilter expired;
    expired.validity = store::SessionFilter::Validity::expired;
    const std::int64_t found = engine.count(expired, count_limit);
    if (found < count_limit) total = static_cast<std::uint64_t>(found);
  }
  purge.progress = [&](std::int64_t done) { bar.show(static_cast<std::uint64_t>(done), total); };
  return engine.clear_expired(purge);
}

ExitCode run(const Options& options, Surroundings& around) {
  const engine::PurgeReport report = purge(options, around.house.engine());
  if (options.as_json) {
    JsonObject object;
    object.add("sessions", report.sessions)
        .add("history", report.history)
        .add("finished", report.finished);
    std::cout << object.add("dry_run", options.dry_run).text() << "\n";
    return ExitCode::ok;
  }
  std::cout << (options.dry_run ? "To be removed: " : "Removed: ") << report.sessions
            << " expired sessions, " << report.history << " old rows of the history.\n";
  if (!report.finished)
    std::cout << "The time was over before the end: run it again for the rest.\n";
  return ExitCode::ok;
}

}  // namespace

Command clearsessions_command() {
  const auto options = std::make_shared<Options>();
  Command command{"clearsessions", "Remove expired sessions and old history", "", {}, {}, {}};
  command.details =
      "Works in batches, each a short transaction, and reads no payload: a site goes on "
      "meanwhile.\n"
      "\nExamples:\n"
      "  innkeeper clearsessions --dry-run\n"
      "  innkeeper clearsessions --max-seconds 60      from cron, in a site with millions of them\n"
      "\nExit codes: 0 done, or as much as the time allowed · 3 the database said no";
  command.declare = [options](Arguments& arguments) {
    arguments.number("--batch-size", options->batch_size, {1, 100'000}, "Rows in one transaction");
    arguments.number("--max-seconds", options->max_seconds, {0, 366 * 86400},
                     "Stop after so long; 0 for never");
    arguments.flag("--dry-run", options->dry_run, "Remove nothing, say how many there are");
    arguments.flag("--json", options->as_json, "One JSON object");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
