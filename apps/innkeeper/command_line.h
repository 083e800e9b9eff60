// The command line → one subcommand, run; errors → a line on standard error and an exit code.
#pragma once

#include <string>
#include <vector>

#include "base/secret.h"
#include "commands/command.h"

namespace innkeeper::app {

// The arguments of main() without what must not stay in the process list.
struct TakenArguments {
  std::vector<std::string> words;  // without the program's name
  Secret license_key;              // of -k, --license-key: its place in `words` says "(hidden)"
};

// Copies the arguments and overwrites the licence key in the memory that `ps` reads. To be called
// first of all.
TakenArguments take_arguments(int argc, char** argv);

// Everything from here on: parses, reads the settings, runs. Never throws.
ExitCode run_program(const TakenArguments& arguments, const Environment& environment);

}  // namespace innkeeper::app
