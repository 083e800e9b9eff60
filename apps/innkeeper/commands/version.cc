#include <iostream>
#include <memory>

#include "commands/command.h"
#include "output/json_writer.h"

namespace innkeeper::app {

Command version_command() {
  const auto as_json = std::make_shared<bool>(false);
  Command command{"version", "Print the version and what this build has", "", {}, {}, {}};
  command.declare = [as_json](Arguments& arguments) {
    arguments.flag("--json", *as_json, "One JSON object");
  };
  command.run = [as_json](Surroundings&) {
    if (*as_json) {
      JsonObject object;
      object.add("version", INNKEEPER_VERSION).add("databases", std::vector<std::string>{"sqlite"});
      object.add("caches", std::vector<std::string>{"lmdb"});
      std::cout << object.text() << "\n";
    } else {
      std::cout << "innkeeper " INNKEEPER_VERSION "\ndatabases: sqlite\ncaches: lmdb\n";
    }
    return ExitCode::ok;
  };
  return command;
}

}  // namespace innkeeper::app
