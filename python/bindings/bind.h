// What module.cc puts together: one function a source.
#pragma once

#include <nanobind/nanobind.h>

namespace innkeeper::python {

namespace nb = nanobind;

void bind_engine(nb::module_& module);    // Engine, Session, ManualClock
void bind_schema(nb::module_& module);    // migrate, schema_statements
void bind_client(nb::module_& module);    // public_id, TrustedProxies, pack_client_hints, ip_digits
void bind_device(nb::module_& module);    // DeviceReader
void bind_location(nb::module_& module);  // LocationReader, download
void bind_checks(nb::module_& module);    // check_settings, location_faults, device_faults

}  // namespace innkeeper::python
