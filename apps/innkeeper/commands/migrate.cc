#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/command.h"
#include "config/options.h"
#include "output/json_writer.h"
#include "store/schema.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  bool as_json = false, check = false;
};

ExitCode say_whether(bool up_to_date, const std::string& reason, const Options& options) {
  if (options.as_json)
    std::cout << JsonObject().add("up_to_date", up_to_date).add("reason", reason).text() << "\n";
  else
    std::cout << reason << "\n";
  return up_to_date ? ExitCode::ok : ExitCode::nothing;
}

ExitCode check(const Options& options, Surroundings& around) {
  try {
    const auto connection = around.house.database().connect(store::Access::read);
    store::check_schema(*connection);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::missing) throw;
    return say_whether(false, error.what(), options);
  }
  return say_whether(true, "The tables are of this program's schema.", options);
}

ExitCode run(const Options& options, Surroundings& around) {
  if (options.check) return check(options, around);
  store::Database& database = around.house.database(true);
  const auto connection = database.connect(store::Access::write);
  const store::MigrationReport report = store::migrate(*connection, user_columns(around.config));
  if (options.as_json) {
    JsonObject object;
    std::cout << object.add("database", database.describe()).add("steps", report.steps).text()
              << "\n";
    return ExitCode::ok;
  }
  for (const std::string& step : report.steps) std::cout << step << "\n";
  std::cout << database.describe() << (report.steps.empty() ? ": nothing to do" : ": up to date")
            << "\n";
  return ExitCode::ok;
}

}  // namespace

Command migrate_command() {
  const auto options = std::make_shared<Options>();
  Command command{
      "migrate", "Make the tables, or bring them up to this program's schema", "", {}, {}, {}};
  command.details =
      "Makes the database file where it is missing. Tables of a Django site are taken as they are; "
      "running it twice,\n"
      "or from two machines at once, does nothing twice.\n"
      "\nExit codes: 0 done · 1 with --check: there is something to do · 3 the database said no";
  command.declare = [options](Arguments& arguments) {
    arguments.flag("--check", options->check,
                   "Change nothing: say whether there is something to do");
    arguments.flag("--json", options->as_json, "One JSON object: what was done, or is to be");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
