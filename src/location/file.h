// The files under a Database: a descriptor that closes itself, and a file's identity.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace innkeeper::location {

// Owns a file descriptor; -1 is none.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
  }
  ~FileHandle() {
    if (m_descriptor >= 0) ::close(m_descriptor);
  }
  int get() const { return m_descriptor; }
  explicit operator bool() const { return m_descriptor >= 0; }

 private:
  int m_descriptor = -1;
};

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
