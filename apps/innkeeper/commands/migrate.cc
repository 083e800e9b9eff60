#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/command.h"
#include "config/options.h"
#include "output/json_writer.h"
#include "store/schema.h"
#include "store/user_table.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  bool as_json = false, check = false, new_user_table = false;
};

store::UsersOf users_of(const Options& options) {
  return options.new_user_table ? store::UsersOf::innkeeper_anew : store::UsersOf::innkeeper;
}

ExitCode say_whether(const std::string& reason, const std::vector<std::string>& steps,
                     const Options& options) {
  const bool up_to_date = reason.empty();
  if (options.as_json) {
    JsonObject object;
    object.add("up_to_date", up_to_date).add("reason", reason).add("steps", steps);
    std::cout << object.text() << "\n";
  } else {
    std::cout << (up_to_date ? "The tables are of this program's schema." : reason) << "\n";
    for (const std::string& step : steps) std::cout << "would have " << step << "\n";
  }
  return up_to_date ? ExitCode::ok : ExitCode::nothing;
}

ExitCode check(const Options& options, Surroundings& around) {
  const store::UserColumns users = user_columns(around.config);
  try {
    const auto connection = around.house.database().connect(store::Access::read);
    const auto steps = store::planned(*connection, users, users_of(options)).steps;
    if (!steps.empty()) {
      const std::string what = around.house.database().describe();
      return say_whether(what + " lacks some of the tables: run `innkeeper migrate`", steps,
                         options);
    }
    store::UserTable(*connection, users).check();
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::missing) throw;
    return say_whether(error.what(), {}, options);
  }
  return say_whether({}, {}, options);
}

ExitCode run(const Options& options, Surroundings& around) {
  if (options.check) return check(options, around);
  store::Database& database = around.house.database(true);
  const auto connection = database.connect(store::Access::write);
  const store::MigrationReport report =
      store::migrate(*connection, user_columns(around.config), users_of(options));
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
    arguments.flag("--new-user-table", options->new_user_table,
                   "Make the table of USER_TABLE in a database that has had users in another");
    arguments.flag("--json", options->as_json, "One JSON object: what was done, or is to be");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
