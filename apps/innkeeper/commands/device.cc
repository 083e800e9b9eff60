#include "device/device.h"

#include <iostream>
#include <memory>

#include "commands/command.h"
#include "output/json_writer.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::string user_agent, hints;
  bool as_json = false;
};

// An empty text is Python's None.
std::string part(const std::string& text) { return text.empty() ? "null" : json(text); }

template <class Versioned>
std::string versioned(const Versioned& from) {
  JsonObject object;
  object.raw("family", part(from.family))
      .raw("major", part(from.major))
      .raw("minor", part(from.minor));
  object.raw("patch", part(from.patch)).raw("patch_minor", part(from.patch_minor));
  return object.text();
}

std::string as_json(const device::Device& device) {
  JsonObject hardware, object;
  hardware.raw("family", part(device.hardware.family)).raw("brand", part(device.hardware.brand));
  hardware.raw("model", part(device.hardware.model));
  object.add("device", device.text())
      .add("sentence", device.sentence())
      .add("kind", device::to_string(device.kind));
  object.raw("user_agent", versioned(device.browser)).raw("os", versioned(device.system));
  return object.raw("hardware", hardware.text()).text();
}

ExitCode run(const Options& options, Surroundings& around) {
  const auto device = around.house.devices().read(options.user_agent, options.hints);
  if (options.as_json)
    std::cout << as_json(*device) << "\n";
  else
    std::cout << device->text() << "\n"
              << device->sentence() << "\n"
              << device::to_string(device->kind) << "\n";
  const auto told = [](const std::string& family) { return !family.empty() && family != "Other"; };
  const bool known = told(device->browser.family) || told(device->system.family);
  return known ? ExitCode::ok : ExitCode::nothing;
}

}  // namespace

Command device_command() {
  const auto options = std::make_shared<Options>();
  Command command{
      "device", "Say which browser, system and device a User-Agent stands for", "", {}, {}, {}};
  command.details =
      "Prints the text that django-qsessions prints, a sentence for people, and the kind.\n"
      "\nExamples:\n"
      "  innkeeper device 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
      "Firefox/128.0'\n"
      "  innkeeper device --hints 'platform=\"Windows\"; platform-version=\"15.0.0\"' 'Mozilla/5.0 "
      "…' --json\n"
      "\nExit codes: 0 recognised · 1 neither browser nor system is known";
  command.declare = [options](Arguments& arguments) {
    arguments.text("USER-AGENT", options->user_agent, "The header's text", true);
    arguments.text("--hints", options->hints, "Client hints, as the column client_hints holds them",
                   false);
    arguments.flag("--json", options->as_json, "One JSON object");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
