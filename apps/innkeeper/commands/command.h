// A subcommand: its words, its arguments, what it does. Library-free, so that only command_line.cc
// sees CLI11.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "config/config.h"

namespace innkeeper::app {

class House;

// What the program says to the one who started it; docs/operations.md has the same list.
enum class ExitCode {
  ok = 0,
  nothing = 1,    // nothing was found, or a check failed
  usage = 2,      // the command line or a setting is wrong
  database = 3,   // the database said no
  network = 4,    // a download failed, or the address to listen on is not to be had
  file = 5,       // a file is missing or is not what it should be
  internal = 70,  // a fault of this program
};

// The numbers that an argument may be, both ends included.
struct Bounds {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// Where a command declares its arguments; variables are filled before it runs and must live until
// then. Names are
// "--long", "-s,--long", or "word" for a positional one.
class Arguments {
 public:
  virtual ~Arguments() = default;
  virtual void flag(const std::string& names, bool& target, const std::string& help) = 0;
  // `required` says whether it must be there.
  virtual void text(const std::string& names, std::string& target, const std::string& help,
                    bool required) = 0;
  // Empty where it is not said; said as '', it holds an empty text.
  virtual void optional_text(const std::string& names, std::optional<std::string>& target,
                             const std::string& help) = 0;
  // Any number: a positional one takes all words that follow, another one is said again for each.
  virtual void texts(const std::string& names, std::vector<std::string>& target,
                     const std::string& help) = 0;
  virtual void number(const std::string& names, std::int64_t& target, Bounds bounds,
                      const std::string& help) = 0;
};

// What a command works with.
struct Surroundings {
  const Config& config;
  const Environment& environment;
  Log& log;
  House& house;               // opens the database and the rest when first asked for it
  const Secret& license_key;  // of -k, which is not among the arguments any more
};

struct Command {
  std::string name, summary;
  std::string details;  // after the options in --help: examples, exit codes
  std::function<void(Arguments&)> declare;
  std::function<ExitCode(Surroundings&)> run;
  std::vector<Command> children;  // where it has them, one must be named, and `run` is not used
};

// The commands, one small file each.
Command serve_command();
Command demo_command();
Command migrate_command();
Command createsuperuser_command();
Command changepassword_command();
Command sessions_command();
Command clearsessions_command();
Command download_geoip_db_command();
Command payload_command();
Command device_command();
Command location_command();
Command settings_command();
Command version_command();

}  // namespace innkeeper::app
