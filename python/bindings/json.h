// A payload's JSON as Python objects, where it is of the plain kind that sessions hold.
#pragma once

#include <string_view>

#include <nanobind/nanobind.h>

namespace innkeeper::python {

namespace nb = nanobind;

// The dict that Python's json.loads makes of `text`, in a fraction of its time; a null object where
// the text is anything but a compact object of ASCII, halves of surrogate pairs, numbers of more
// than 18 digits, NaN or Infinity included: the caller then asks json.loads, which knows all of
// them, and what is wrong with the rest. With the GIL; leaves no Python error.
nb::object plain_json(std::string_view text);

}  // namespace innkeeper::python
