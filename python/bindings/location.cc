#include "location/location.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "bind.h"
#include "log.h"
#include "values.h"

namespace innkeeper::python {

namespace {

nb::object text_or_none(const std::string& text) {
  return text.empty() ? nb::none() : nb::object(nb::str(text.data(), text.size()));
}

// The dict that Django's GeoIP2.city() gives.
nb::dict to_dict(const location::Location& place) {
  nb::dict dict;
  dict["accuracy_radius"] = nb::cast(place.accuracy_radius);
  dict["city"] = text_or_none(place.city);
  dict["continent_code"] = text_or_none(place.continent_code);
  dict["continent_name"] = text_or_none(place.continent_name);
  dict["country_code"] = text_or_none(place.country_code);
  dict["country_name"] = text_or_none(place.country_name);
  dict["is_in_european_union"] = nb::cast(place.is_in_european_union);
  dict["latitude"] = nb::cast(place.latitude);
  dict["longitude"] = nb::cast(place.longitude);
  dict["metro_code"] = nb::cast(place.metro_code);
  dict["postal_code"] = text_or_none(place.postal_code);
  dict["region_code"] = text_or_none(place.region_code);
  dict["region_name"] = text_or_none(place.region_name);
  dict["time_zone"] = text_or_none(place.time_zone);
  dict["dma_code"] = dict["metro_code"];  // older names, which Django keeps
  dict["region"] = dict["region_code"];
  return dict;
}

struct PythonLocationReader {
  HostLog log;
  location::LocationReader reader;

  PythonLocationReader(const std::string& path, const std::string& language)
      : reader(path, log, language) {}

  // (text, dict), or None for an address that no file knows.
  nb::object find(const std::string& address) const {
    const auto parsed = IpAddress::parse(address);
    const auto place = parsed ? reader.find(*parsed) : std::nullopt;
    if (!place) return nb::none();
    return nb::make_tuple(place->text(), to_dict(*place));
  }
};

}  // namespace

void bind_location(nb::module_& module) {
  using nb::arg;
  nb::class_<PythonLocationReader>(module, "LocationReader")
      .def(nb::init<const std::string&, const std::string&>(), arg("path"), arg("language") = "en")
      .def("find", &PythonLocationReader::find, arg("address"))
      .def("describe", [](const PythonLocationReader& self) { return self.reader.describe(); });
}

}  // namespace innkeeper::python
