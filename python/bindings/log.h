// The engine's lines in Python's logging: loggers `innkeeper` and `innkeeper.security`.
#pragma once

#include <nanobind/nanobind.h>

#include "base/log.h"

namespace innkeeper::python {

namespace nb = nanobind;

class HostLog final : public Log {
 public:
  void write(LogLevel level, std::string_view channel, std::string_view line) noexcept override;
};

}  // namespace innkeeper::python
