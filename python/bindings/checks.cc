// What `manage.py check` asks the engine, so that every rule stands once: nothing is opened for
// good, no database is asked.
#include <string>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/log.h"
#include "bind.h"
#include "device/device.h"
#include "location/location.h"
#include "settings.h"

namespace innkeeper::python {

namespace {

// What would stand in the log.
class KeptLog final : public Log {
 public:
  void write(LogLevel level, std::string_view, std::string_view line) noexcept override {
    if (level >= LogLevel::warning) lines.emplace_back(line);
  }

  std::vector<std::string> lines;
};

std::vector<std::string> location_faults(const std::string& path) {
  KeptLog log;
  const location::LocationReader reader(path, log, "en");
  return log.lines;
}

std::vector<std::string> device_faults(const std::string& rules_file) {
  KeptLog log;
  const device::DeviceReader reader({.rules_file = rules_file}, log);
  return log.lines;
}

}  // namespace

void bind_checks(nb::module_& module) {
  using nb::arg;
  module.def(
      "check_settings", [](const nb::dict& settings) { engine::check(to_settings(settings)); },
      arg("settings"), "Throws ConfigError where an engine could not be made with these.");
  module.def("location_faults", &location_faults, arg("path"),
             "What LocationReader would log of these files.");
  module.def("device_faults", &device_faults, arg("rules_file"),
             "What DeviceReader would log of this file.");
}

}  // namespace innkeeper::python
