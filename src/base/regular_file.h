// Opening a file that somebody named in a setting.
#pragma once

#include <filesystem>

#include <sys/stat.h>

#include "base/file_handle.h"

namespace innkeeper {

// For reading; `status` is the file's, as it was opened. Never waits: a pipe, on which opening
// would wait until somebody writes, is refused as everything is that is no regular file. Throws
// FileError, which begins with the path.
FileHandle open_regular(const std::filesystem::path& path, struct stat& status);

}  // namespace innkeeper
