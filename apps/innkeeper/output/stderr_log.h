// The program's log: lines on standard error, for people or as JSON. A service manager adds where
// they go.
#pragma once

#include <memory>

#include "base/log.h"

namespace innkeeper::app {

enum class LogFormat {
  text,  // 2030-01-02 03:04:05.678 warning innkeeper.security: line
  json,  // {"time":"2030-01-02T03:04:05.678Z","level":"warning","channel":"innkeeper.security","message":"line"}
};

// Control characters in a line are written as \xNN, so that nobody forges a second line.
// Thread-safe.
std::unique_ptr<Log> make_stderr_log(LogLevel least, LogFormat format);

}  // namespace innkeeper::app
