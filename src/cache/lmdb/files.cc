#include "cache/lmdb/files.h"

#include <sys/stat.h>

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

}  // namespace

std::string Files::to_text() const { return line("data.mdb", data) + line("lock.mdb", locks); }

Files files_on_disk(const std::filesystem::path& directory) {
  return {identity_of(directory / "data.mdb"), identity_of(directory / "lock.mdb")};
}

}  // namespace innkeeper::cache::lmdb
