#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "bind.h"
#include "device/client_hints.h"
#include "session/client_address.h"
#include "session/key.h"
#include "store/dialect.h"
#include "values.h"

namespace innkeeper::python {

namespace {

// The digest of what has the form of a key; any other text as it is.
std::string public_id(const std::string& text) {
  const auto key = session::SessionKey::parse(text);
  return key ? key->id().text() : text;
}

struct Proxies {
  session::TrustedProxies trusted;

  Proxies(const std::vector<std::string>& texts, const std::string& header) {
    for (const std::string& text : texts) {
      if (!trusted.add(text))
        throw ConfigError("TRUSTED_PROXIES: \"" + text +
                          "\" is no address, no network such as 10.0.0.0/8, and not `unix`");
    }
    if (!trusted.set_header(header)) {
      throw ConfigError("FORWARDED_HEADER: \"" + header +
                        "\" is neither X-Forwarded-For nor Forwarded");
    }
  }

  std::optional<std::string> client(const std::string& peer, const std::string& forwarded) const {
    const auto address = session::client_address(peer, forwarded, trusted);
    return address ? std::optional(address->to_string()) : std::nullopt;
  }
};

// `headers` gives a header by its lower-case name, or None.
std::string pack_client_hints(const nb::object& headers) {
  std::vector<std::string> kept;
  kept.reserve(32);  // views into it stay valid
  return device::pack_client_hints([&](std::string_view name) -> std::optional<std::string_view> {
    const nb::object value = headers(nb::str(name.data(), name.size()));
    if (value.is_none() || kept.size() == kept.capacity()) return std::nullopt;
    return kept.emplace_back(to_text(value));
  });
}

}  // namespace

void bind_client(nb::module_& module) {
  using nb::arg;
  module.def("public_id", &public_id, arg("text"));
  module.def(
      "is_key",
      [](const std::string& text) { return session::SessionKey::parse(text).has_value(); },
      arg("text"));
  module.def(
      "ip_digits",
      [](const std::optional<std::string>& text) {
        return text ? store::ip_digits(*text) : std::nullopt;
      },
      arg("text").none());
  module.def(
      "address",
      [](const std::string& text) -> std::optional<std::string> {
        const auto address = IpAddress::parse(text);
        return address ? std::optional(address->to_string()) : std::nullopt;
      },
      arg("text"));
  module.def("pack_client_hints", &pack_client_hints, arg("header"));
  module.def("accept_ch", [] { return std::string(device::accept_ch()); });
  nb::class_<Proxies>(module, "TrustedProxies")
      .def(nb::init<const std::vector<std::string>&, const std::string&>(), arg("networks"),
           arg("header"))
      .def("client", &Proxies::client, arg("peer"), arg("forwarded"));
}

}  // namespace innkeeper::python
