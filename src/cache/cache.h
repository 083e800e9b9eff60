// The port to a cache: bytes under a key, for a while. Drivers: lmdb/ here; Django's own caches in
// python/bindings (host_cache.h); redis/ and memcached/ later.
//
// What a driver must know of the values is one thing: their first 16 bytes are a stamp (entry.h)
// whose bytes compare as the entries' age does. Guide for the next driver: docs/drivers.md. Suite:
// tests/contract/cache_contract.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace innkeeper::cache {

// Thread-safe. Keys: 1 to 200 printable ASCII characters without spaces. Values: up to 1 MiB; a
// driver may refuse a larger one by storing nothing (and removing what was there). Every call may
// throw CacheError where the cache cannot be asked; the engine then goes on without it. An entry
// may vanish at any time.
class Cache {
 public:
  virtual ~Cache() = default;

  // The value, or nothing where it is absent or its lifetime is over.
  virtual std::optional<std::string> get(std::string_view key) = 0;

  // Stores, whatever was there.
  virtual void set(std::string_view key, std::string_view value, Seconds lifetime) = 0;

  // Stores only where nothing (or nothing alive) is there, atomically; returns whether it did.
  virtual bool add(std::string_view key, std::string_view value, Seconds lifetime) = 0;

  // Stores unless what is there has a greater stamp (its first 16 bytes, compared as unsigned
  // bytes); returns whether it did. Equal stamps replace. Atomic. Never called where `compares()`
  // is false.
  virtual bool set_unless_newer(std::string_view key, std::string_view value, Seconds lifetime) = 0;

  virtual void remove(std::string_view key) = 0;

  // Whether set_unless_newer is there (lmdb, redis, memcached) or not (a cache of Django's CACHES).
  virtual bool compares() const = 0;

  // Whether a call may wait for a network. One that may not is asked by the bindings for Python
  // without giving the interpreter's lock back (python/bindings/engine.cc).
  virtual bool may_wait() const = 0;

  // For people: "lmdb /var/lib/innkeeper/cache", without a password.
  virtual std::string describe() const = 0;
};

}  // namespace innkeeper::cache
