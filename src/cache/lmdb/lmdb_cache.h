// The embedded cache: one memory-mapped LMDB file for every process of a machine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "cache/cache.h"

namespace innkeeper::cache::lmdb {

struct Options {
  // Made (0700) where it is missing; holds data.mdb, lock.mdb and innkeeper.mark.
  std::filesystem::path directory;
  // The file never grows beyond; what expires first is evicted. 1 MiB at least; one value may have
  // a 16th of it. The first of a process to open a directory decides.
  std::size_t size_bytes = 256u << 20;
};

// Opens or makes the cache. Reads take no lock and make no system call; writes are not forced to
// disk (a cache may be lost, a torn one is found and emptied). Safe across fork (a child opens its
// own handles), the crash of any process (dead readers are cleared), a full disk (a put is dropped)
// and a corrupt file (emptied and rebuilt, one line in `log`). `clock` decides what is expired.
// Throws CacheError where the directory cannot be used.
std::unique_ptr<Cache> open(const Options& options, const Clock& clock, Log& log);

}  // namespace innkeeper::cache::lmdb
