// The program `innkeeper`.
#include "command_line.h"

int main(int argc, char** argv) {
  using namespace innkeeper::app;
  const TakenArguments arguments = take_arguments(argc, argv);
  return static_cast<int>(run_program(arguments, process_environment()));
}
