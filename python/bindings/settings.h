// The engine's settings from a dict: its keys are the members' names in engine/settings.h.
#pragma once

#include <nanobind/nanobind.h>

#include "engine/settings.h"

namespace innkeeper::python {

namespace nb = nanobind;

// Python's innkeeper/conf.py makes the dict from Django's settings. Times are seconds, None is "no
// limit". Throws KeyError where a name is missing, ConfigError for what cannot be.
engine::Settings to_settings(const nb::dict& settings);

store::UserColumns to_user_columns(const nb::dict& users);

}  // namespace innkeeper::python
