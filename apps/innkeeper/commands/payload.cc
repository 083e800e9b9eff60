#include "codec/payload.h"

#include <iostream>
#include <iterator>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "codec/json.h"
#include "commands/command.h"
#include "config/options.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  bool raw = false, pretty = false;
};

// Bounded by the codec's own limit; one byte more tells that there was more.
std::string standard_input(std::size_t limit) {
  std::string text(limit + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  return text;
}

std::string without_line_break(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

ExitCode decode(const Options& options, Surroundings& around) {
  const codec::PayloadCodec codec(payload_keys(around.config));
  const auto content =
      codec.decode(without_line_break(standard_input(codec::PayloadLimits{}.signed_bytes + 2)));
  if (!content) {
    std::cerr << "innkeeper: not a payload of this SECRET_KEY and SESSION_SALT: "
              << codec::describe(content.error()) << "\n";
    return ExitCode::nothing;
  }
  std::cout << (options.pretty ? codec::indented_json(*content) : *content)
            << (options.raw ? "" : "\n");
  return ExitCode::ok;
}

ExitCode encode(const Options& options, Surroundings& around) {
  const codec::PayloadCodec codec(payload_keys(around.config));
  std::string content = standard_input(codec::PayloadLimits{}.content_bytes);
  if (content.size() > codec::PayloadLimits{}.content_bytes) {
    std::cerr << "innkeeper: more than a payload may hold\n";
    return ExitCode::nothing;
  }
  if (!options.raw) {
    const auto canonical = codec::canonical_json(content);
    if (!canonical || !codec::parse_object(*canonical)) {
      std::cerr << "innkeeper: standard input is not one JSON object (--raw signs any bytes)\n";
      return ExitCode::nothing;
    }
    content = *canonical;
  }
  try {
    std::cout << codec.encode(content, around.house.clock().now()) << "\n";
  } catch (const Error& error) {  // signed it would be longer than anybody reads
    std::cerr << "innkeeper: " << error.what() << "\n";
    return ExitCode::nothing;
  }
  return ExitCode::ok;
}

Command leaf(const char* name, const char* summary, const char* details,
             ExitCode (*run)(const Options&, Surroundings&)) {
  const auto options = std::make_shared<Options>();
  Command command{name, summary, details, {}, {}, {}};
  command.declare = [options, decodes = command.name == "decode"](Arguments& arguments) {
    arguments.flag("--raw", options->raw,
                   decodes ? "No line break after it" : "Sign the bytes as they are");
    if (decodes) arguments.flag("--pretty", options->pretty, "Over several lines");
  };
  command.run = [options, run](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace

Command payload_command() {
  Command command{"payload", "Read or write the signed text of the column session_data", "", {}, {},
                  {}};
  command.children.push_back(
      leaf("decode", "Verify a signed text and print what it holds",
           "Standard input to standard output, by SECRET_KEY, its fallbacks and SESSION_SALT.\n"
           "\nExample:\n  innkeeper payload decode --pretty < session_data.txt\n"
           "\nExit codes: 0 it verifies · 1 it does not, and why",
           decode));
  command.children.push_back(
      leaf("encode", "Sign a JSON object as Django does",
           "Standard input to standard output. The JSON is written as Python writes it.\n"
           "\nExample:\n  echo '{\"cart\": [1, 2]}' | innkeeper payload encode\n"
           "\nExit codes: 0 done · 1 that is no JSON object, or too large a one",
           encode));
  return command;
}

}  // namespace innkeeper::app
