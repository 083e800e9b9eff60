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

// A tuple of `type`, a class of tuples, without its own constructor: a NamedTuple's is Python, and
// slow.
template <class... Items>
nb::object filled(nb::handle type, const Items&... items) {
  if (!PyType_Check(type.ptr())) throw nb::type_error("a class of tuples is wanted");
  auto* const made_of = reinterpret_cast<PyTypeObject*>(type.ptr());
  if (!PyType_IsSubtype(made_of, &PyTuple_Type)) throw nb::type_error("the class holds no tuples");
  nb::object made = nb::steal(made_of->tp_alloc(made_of, sizeof...(items)));
  if (!made.is_valid()) nb::raise_python_error();
  Py_ssize_t at = 0;
  (PyTuple_SET_ITEM(made.ptr(), at++, nb::object(items).release().ptr()), ...);
  return made;
}

template <class Part>
nb::object versioned(nb::handle type, const Part& part) {
  return filled(type, text_or_none(part.family), text_or_none(part.major), text_or_none(part.minor),
                text_or_none(part.patch), text_or_none(part.patch_minor));
}

nb::object text_of(std::string_view text) { return nb::str(text.data(), text.size()); }

// `types` are device.py's DeviceInfo, UserAgent, OS and Device; an object of the first is returned,
// and device.py remembers it.
nb::object read(const PythonDeviceReader& self, nb::handle user_agent, nb::handle client_hints,
                const nb::tuple& types) {
  if (types.size() != 4) throw nb::type_error("four classes of tuples are wanted");
  const auto device = self.reader.read_anew(to_text(user_agent), to_text(client_hints));
  const auto& hardware = device.hardware;
  const auto told = device.description();
  return filled(
      types[0], versioned(types[1], device.browser), versioned(types[2], device.system),
      filled(types[3], text_or_none(hardware.family), text_or_none(hardware.brand),
             text_or_none(hardware.model)),
      text_of(device::to_string(device.kind)), text_of(device.text()),
      nb::object(nb::make_tuple(device::to_string(told.form), told.browser, told.system)));
}

}  // namespace

void bind_device(nb::module_& module) {
  using nb::arg;
  nb::class_<PythonDeviceReader>(module, "DeviceReader")
      .def(nb::init<const std::string&>(), arg("rules_file") = "")
      .def("read", &read, arg("user_agent").none(), arg("client_hints").none(), arg("types"));
}

}  // namespace innkeeper::python
