// innkeeper._download: fetching MMDB files. Apart from _engine, since the libraries for it (libcurl
// and what that brings) take longer to load than all the others together, and one command wants
// them.
#include "location/download.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace innkeeper::python {

namespace {

// Whether the file was replaced (False: the server has nothing newer).
bool download(const std::string& directory, const std::string& license_key,
              const std::optional<std::string>& base_url, const std::string& edition,
              const std::string& direct_url, const std::string& ca_file,
              const nb::object& progress) {
  location::DownloadRequest request;
  request.directory = directory;
  request.license_key = Secret(license_key);
  if (base_url) request.base_url = *base_url;
  request.edition = edition;
  request.direct_url = direct_url;
  request.ca_file = ca_file;
  if (!progress.is_none()) {
    request.progress = [&progress](std::uint64_t done, std::uint64_t all) {
      const nb::gil_scoped_acquire gil;
      progress(done, all);
    };
  }
  const nb::gil_scoped_release no_gil;
  return location::download(request) == location::DownloadResult::replaced;
}

}  // namespace

NB_MODULE(_download, module) {
  using nb::arg;
  nb::module_::import_("innkeeper._engine");  // knows how errors are told to Python
  module.doc() = "Fetching the files that tell where an address is.";
  module.def("download", &download, arg("directory"), arg("license_key") = "",
             arg("base_url") = nb::none(), arg("edition") = "GeoLite2-City", arg("direct_url") = "",
             arg("ca_file") = "", arg("progress").none() = nb::none());
}

}  // namespace innkeeper::python
