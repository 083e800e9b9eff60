// The reader of devices as Python holds it.
#pragma once

#include <string>

#include "device/device.h"
#include "log.h"

namespace innkeeper::python {

struct PythonDeviceReader {
  HostLog log;
  device::DeviceReader reader;

  explicit PythonDeviceReader(const std::string& rules_file)
      : reader({.rules_file = rules_file}, log) {}
};

}  // namespace innkeeper::python
