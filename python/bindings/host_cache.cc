#include "host_cache.h"

#include <nanobind/stl/string.h>

#include "errors.h"

namespace innkeeper::python {

namespace {

template <class Call>
auto with_python(const Call& call) {
  const nb::gil_scoped_acquire gil;
  try {
    return call();
  } catch (const nb::python_error& error) {
    throw_cache_error(error);
  }
}

nb::str text(std::string_view key) { return nb::str(key.data(), key.size()); }
nb::bytes bytes(std::string_view value) { return nb::bytes(value.data(), value.size()); }

}  // namespace

std::optional<std::string> HostCache::get(std::string_view key) {
  return with_python([&]() -> std::optional<std::string> {
    const nb::object found = cache().attr("get")(text(key));
    // Anything but bytes was put there by somebody else: as good as nothing.
    if (!nb::isinstance<nb::bytes>(found)) return std::nullopt;
    const auto value = nb::borrow<nb::bytes>(found);
    return std::string(value.c_str(), value.size());
  });
}

void HostCache::set(std::string_view key, std::string_view value, Seconds lifetime) {
  with_python([&] { cache().attr("set")(text(key), bytes(value), lifetime.count()); });
}

bool HostCache::add(std::string_view key, std::string_view value, Seconds lifetime) {
  return with_python([&] {
    return cache().attr("add")(text(key), bytes(value), lifetime.count()).is(nb::handle(Py_True));
  });
}

bool HostCache::set_unless_newer(std::string_view key, std::string_view /*value*/,
                                 Seconds /*lifetime*/) {
  throw CacheError(describe() + " cannot compare, and was asked to store " + std::string(key));
}

void HostCache::remove(std::string_view key) {
  with_python([&] { cache().attr("delete")(text(key)); });
}

}  // namespace innkeeper::python
