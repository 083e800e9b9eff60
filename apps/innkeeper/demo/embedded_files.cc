#include "demo/embedded_files.h"

// The assembler copies a file in, which takes no time; a generated array of 16,000 numbers would
// take seconds.
#define EMBED(symbol, file)               \
  asm(".section .rodata, \"a\"\n"         \
      ".global " #symbol                  \
      "_begin\n"                          \
      ".global " #symbol "_end\n" #symbol \
      "_begin:\n"                         \
      ".incbin \"" file "\"\n" #symbol    \
      "_end:\n"                           \
      ".byte 0\n"                         \
      ".previous\n");                     \
  extern "C" const char symbol##_begin[]; \
  extern "C" const char symbol##_end[]

EMBED(innkeeper_demo_user_agents, INNKEEPER_DEMO_DATA "/user_agents.txt");
EMBED(innkeeper_demo_locations, INNKEEPER_DEMO_DATA "/demo-city.mmdb");

namespace innkeeper::app {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view demo_user_agents() {
  return between(innkeeper_demo_user_agents_begin, innkeeper_demo_user_agents_end);
}

std::string_view demo_locations() {
  return between(innkeeper_demo_locations_begin, innkeeper_demo_locations_end);
}

}  // namespace innkeeper::app
