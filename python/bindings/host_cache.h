// The driver `host` of the cache: a cache of Django's CACHES.
//
// It has add, get, set and delete, and nothing that compares, so `compares()` is false and the
// engine keeps its promises the slower way. Values go through the cache's own serialisation (a
// pickle, in most of Django's); inside, they are sealed entries as everywhere.
#pragma once

#include <nanobind/nanobind.h>

#include "cache/cache.h"

namespace innkeeper::python {

namespace nb = nanobind;

class HostCache final : public cache::Cache {
 public:
  // `caches` is Django's django.core.cache.caches, which has an object for every thread.
  HostCache(nb::object caches, std::string alias)
      : m_caches(std::move(caches)), m_alias(std::move(alias)) {}

  std::optional<std::string> get(std::string_view key) override;
  void set(std::string_view key, std::string_view value, Seconds lifetime) override;
  bool add(std::string_view key, std::string_view value, Seconds lifetime) override;
  bool set_unless_newer(std::string_view key, std::string_view value, Seconds lifetime) override;
  void remove(std::string_view key) override;
  bool compares() const override { return false; }
  bool may_wait() const override { return true; }
  std::string describe() const override { return "Django's cache " + m_alias; }

 private:
  nb::object cache() const { return m_caches[m_alias.c_str()]; }

  nb::object m_caches;
  std::string m_alias;
};

}  // namespace innkeeper::python
