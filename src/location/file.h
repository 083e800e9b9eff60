// The files under a Database: a file's identity at a moment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/stat.h>

#include "base/file_handle.h"

namespace innkeeper::location {

// What tells one state of a file from another: which file it is, how long, and when its bytes and
// its inode changed.
struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds
  bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const struct stat& status);
// Follows links; nothing where there is no such file.
std::optional<FileStamp> stamp_of(const std::filesystem::path& path);

// "No such file or directory" and so on; thread-safe.
std::string reason(int error_number);

}  // namespace innkeeper::location
