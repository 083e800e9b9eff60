// The embedded database: SQLite in WAL mode, one writer, readers of their own.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "store/connection.h"

namespace innkeeper::store::sqlite {

struct Options {
  std::filesystem::path file;  // made (0600) by the first `write` where `create` says so
  bool create = false;         // otherwise a missing file is StoreError (missing)
  std::chrono::milliseconds busy_timeout{
      5000};        // how long to wait for another process's lock or for the writer
  int readers = 8;  // connections kept for reading
  // Off, a power failure may take the last commits back (never the file's consistency); on, each
  // costs an fsync: docs/decisions/0007-sqlite-settings.md.
  bool sync_every_commit = false;
};

// Opens lazily: errors come from connect(). Locked, read-only, full, missing, corrupt (not a
// database) are named as such, each with the file and what to do. Safe across fork (a child opens
// its own connections).
std::unique_ptr<Database> open(const Options& options);

}  // namespace innkeeper::store::sqlite
