#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "base/error.h"
#include "commands/command.h"
#include "config/options.h"
#include "serve/service.h"
#include "serve/signals.h"
#include "serve/site.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

// What is legal and yet not what one wants on a site.
void warn(Surroundings& around) {
  const auto line = [&around](const std::string& text) {
    around.log.write(LogLevel::warning, general_log, text);
  };
  if (is_weak(around.config.secret("SECRET_KEY"))) {
    line(
        "SECRET_KEY is shorter than 50 characters or has fewer than 5 different ones: sessions "
        "could be forged");
  }
  for (const std::filesystem::path& file : around.config.secret_files()) {
    if (!is_open_to_all(file)) continue;
    line(file.string() +
         " holds a secret, and every account of this machine may read it: give it mode 0600 or "
         "0640");
  }
  if (!site_options(around.config).cookie.secure &&
      !around.config.list("TRUSTED_PROXIES").empty()) {
    line(
        "SESSION_COOKIE_SECURE and HTTPS are off: behind a proxy that speaks HTTPS, turn HTTPS on");
  }
}

ExitCode serve(Surroundings& around) {
  Signals signals(Wish::reload);
  Service service(around.house);
  around.house.engine();  // a database that is not ready is named before anything else
  warn(around);
  try {
    service.start();
  } catch (const StoreError&) {
    throw;
  } catch (const ConfigError&) {
    throw;
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    std::cerr << "innkeeper: " << error.what() << "\n";
    return ExitCode::network;
  }
  around.log.write(
      LogLevel::info, general_log,
      "listening on " + service.url() + ", " + around.house.database().describe() + ", " +
          (around.house.cache() != nullptr ? around.house.cache()->describe() : "no cache"));
  service.run(signals);
  return ExitCode::ok;
}

}  // namespace

Command serve_command() {
  const auto show_chain = std::make_shared<bool>(false);
  Command command{"serve", "Serve the pages: sign in, one's own sessions, the admin's", "", {}, {},
                  {}};
  command.details =
      "Stops on SIGTERM and SIGINT, after letting requests under way end; reads location files and "
      "device rules again\n"
      "on SIGHUP. HTTPS is the business of the proxy before it: name it in TRUSTED_PROXIES.\n"
      "\nExamples:\n"
      "  innkeeper serve\n"
      "  innkeeper serve --config /etc/innkeeper/innkeeper.toml --listen [::1]:9000\n"
      "\nExit codes: 0 stopped by a signal · 2 a setting · 3 the database, or no tables: "
      "`innkeeper migrate` ·\n"
      "4 the address is taken";
  command.declare = [show_chain](Arguments& arguments) {
    arguments.flag("--show-chain", *show_chain,
                   "Print what a request passes through, and why in that order; serve not");
  };
  command.run = [show_chain](Surroundings& around) {
    if (!*show_chain) return serve(around);
    std::cout << site_chain();
    return ExitCode::ok;
  };
  return command;
}

}  // namespace innkeeper::app
