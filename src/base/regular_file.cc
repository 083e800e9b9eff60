#include "base/regular_file.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>

#include "base/error.h"

namespace innkeeper {

FileHandle open_regular(const std::filesystem::path& path, struct stat& status) {
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file || ::fstat(file.get(), &status) != 0) {
    throw FileError(path.string() + ": cannot be opened (" +
                    std::generic_category().message(errno) + ")");
  }
  if (S_ISDIR(status.st_mode)) throw FileError(path.string() + ": is a folder, not a regular file");
  if (!S_ISREG(status.st_mode)) throw FileError(path.string() + ": is not a regular file");
  return file;
}

}  // namespace innkeeper
