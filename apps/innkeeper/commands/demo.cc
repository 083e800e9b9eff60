#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/command.h"
#include "demo/demo_site.h"
#include "demo/people.h"
#include "output/json_writer.h"
#include "serve/service.h"
#include "serve/signals.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::int64_t seed = 1, sessions = 400;
  bool as_json = false;
};

// The one place that prints a password: it opens this demo, on this machine, until it stops.
void introduce(const Options& options, const std::string& url, const Secret& password,
               const std::filesystem::path& folder) {
  const std::string staff(demo_people().front().username);
  if (options.as_json) {
    JsonObject object;
    object.add("url", url)
        .add("username", staff)
        .add("password", password.reveal())
        .add("folder", folder.string());
    std::cout << object.text() << std::endl;
    return;
  }
  std::cout << "\n  Innkeeper's demo is open at  " << url << "\n\n"
            << "    name      " << staff
            << "   (staff: sees everybody; any other is a guest, such as "
            << demo_people()[1].username << ")\n"
            << "    password  " << password.reveal() << "   (everybody's)\n\n"
            << "  All of it is in " << folder.string() << " and goes when you press Ctrl-C.\n"
            << std::endl;
}

// Before anything is made: filling may take minutes.
bool has_address(Service& service) {
  try {
    service.bind();
    return true;
  } catch (const ConfigError&) {
    throw;
  } catch (const Error& error) {
    std::cerr << "innkeeper: " << error.what() << "\n"
              << "Say where else: innkeeper demo --listen 127.0.0.1:0 takes any free port\n";
    return false;
  }
}

ExitCode run(const Options& options, Surroundings& around) {
  Signals signals(Wish::stop);  // the terminal is closed: nobody is looking any more
  const TemporaryFolder folder;
  SystemRandom random;
  const Config config = demo_config(around.config, folder.path(), random);
  House house(config, around.log);
  const Secret password = demo_password(random);
  Service service(house);
  if (!has_address(service)) return ExitCode::network;
  around.log.write(LogLevel::info, general_log,
                   "filling the site with " + std::to_string(options.sessions) + " sessions");
  DemoPlan plan;
  plan.seed = static_cast<std::uint64_t>(options.seed);
  plan.sessions = static_cast<std::size_t>(options.sessions);
  const auto is_stopped = [&signals] { return signals.came(); };
  if (!fill_demo(house, folder.path(), password, plan, is_stopped)) return ExitCode::ok;
  service.start();
  introduce(options, service.url(), password, folder.path());
  service.run(signals);
  return ExitCode::ok;
}

}  // namespace

Command demo_command() {
  const auto options = std::make_shared<Options>();
  Command command{"demo", "A throw-away site with people and sessions, to look around", "", {}, {},
                  {}};
  command.details =
      "Makes everything in a temporary folder, prints the address, a name and a password, serves "
      "until Ctrl-C (or\n"
      "until the terminal is closed), and leaves nothing. Of the settings only those of the "
      "server, "
      "the log and the device rules count.\n"
      "\nExample:\n"
      "  innkeeper demo --listen 127.0.0.1:9000 --sessions 5000\n"
      "\nExit codes: 0 stopped by a signal · 4 the address is taken";
  command.declare = [options](Arguments& arguments) {
    arguments.number("--seed", options->seed, {}, "The same seed gives the same people and stays");
    arguments.number("--sessions", options->sessions, {1, 1'000'000}, "How many");
    arguments.flag("--json", options->as_json, "One JSON object: url, username, password, folder");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
