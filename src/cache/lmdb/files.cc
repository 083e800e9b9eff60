#include "cache/lmdb/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file_handle.h"

namespace innkeeper::cache::lmdb {

namespace {

std::optional<Files::Identity> identity_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Files::Identity{status.st_dev, status.st_ino};
}

std::string line(const char* name, const std::optional<Files::Identity>& file) {
  if (!file) return std::string(name) + " none\n";
  return std::string(name) + " " + std::to_string(file->device) + " " +
         std::to_string(file->inode) + "\n";
}

[[noreturn]] void fail(const std::filesystem::path& file, int reason) {
  throw CacheError("lmdb cache: no room for " + file.string() + ": " + std::strerror(reason) +
                   "; check the room on its disk, its owner and its permissions");
}

// 0, or why not.
int allocate(int file, off_t bytes) {
  while (::fallocate(file, 0, 0, bytes) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

// For a new file, where the file system cannot allocate.
int write_zeros(int file, off_t bytes) {
  const std::string zeros(static_cast<std::size_t>(bytes), '\0');
  const ssize_t written = ::pwrite(file, zeros.data(), zeros.size(), 0);
  if (written == bytes) return 0;
  return written < 0 ? errno : ENOSPC;
}

}  // namespace

std::string Files::to_text() const { return line("data.mdb", data) + line("lock.mdb", locks); }

Files files_on_disk(const std::filesystem::path& directory) {
  return {identity_of(directory / "data.mdb"), identity_of(directory / "lock.mdb")};
}

// Not posix_fallocate: where the file system cannot allocate, that writes into the file, beside
// others who use it.
void reserve_locks(const std::filesystem::path& directory, std::uint64_t bytes, bool others) {
  const auto path = directory / "lock.mdb";
  const FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660));
  if (!file) fail(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path, errno);
  const bool as_it_is = others && status.st_size > 0;
  const off_t size =
      as_it_is ? status.st_size : std::max(status.st_size, static_cast<off_t>(bytes));
  int reason = allocate(file.get(), size);
  if (reason == EOPNOTSUPP || reason == ENOSYS)
    reason = status.st_size == 0 ? write_zeros(file.get(), size) : 0;
  if (reason != 0) fail(path, reason);
}

}  // namespace innkeeper::cache::lmdb
