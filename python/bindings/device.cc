#include "device.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "bind.h"
#include "values.h"

namespace innkeeper::python {

namespace {

nb::object text_or_none(const std::string& text) {
  return text.empty() ? nb::none() : nb::object(nb::str(text.data(), text.size()));
}

template <class Part>
nb::tuple versioned(const Part& part) {
  return nb::make_tuple(text_or_none(part.family), text_or_none(part.major),
                        text_or_none(part.minor), text_or_none(part.patch),
                        text_or_none(part.patch_minor));
}

// (user_agent, os, device, kind, text, (form, browser, system)); see device::Description.
nb::tuple read(const PythonDeviceReader& self, nb::handle user_agent, nb::handle client_hints) {
  const auto device = self.reader.read(to_text(user_agent), to_text(client_hints));
  const auto& hardware = device->hardware;
  const auto told = device->description();
  return nb::make_tuple(versioned(device->browser), versioned(device->system),
                        nb::make_tuple(text_or_none(hardware.family), text_or_none(hardware.brand),
                                       text_or_none(hardware.model)),
                        device::to_string(device->kind), device->text(),
                        nb::make_tuple(device::to_string(told.form), told.browser, told.system));
}

}  // namespace

void bind_device(nb::module_& module) {
  using nb::arg;
  nb::class_<PythonDeviceReader>(module, "DeviceReader")
      .def(nb::init<const std::string&>(), arg("rules_file") = "")
      .def("read", &read, arg("user_agent").none(), arg("client_hints").none() = nb::none());
}

}  // namespace innkeeper::python
