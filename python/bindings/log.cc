#include "log.h"

#include <string>

#include "errors.h"

namespace innkeeper::python {

namespace {

int python_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return 10;
    case LogLevel::info:
      return 20;
    case LogLevel::warning:
      return 30;
    case LogLevel::error:
      break;
  }
  return 40;
}

}  // namespace

void HostLog::write(LogLevel level, std::string_view channel, std::string_view line) noexcept {
  const nb::gil_scoped_acquire gil;
  try {
    const nb::object logger =
        nb::module_::import_("logging").attr("getLogger")(nb::str(channel.data(), channel.size()));
    logger.attr("log")(python_level(level), nb::str("%s"), nb::str(line.data(), line.size()));
  } catch (const nb::python_error& error) {
    raise_later(error);
  } catch (...) {
    // A logger that fails must not end a session's request; logging reports its own errors.
  }
}

}  // namespace innkeeper::python
