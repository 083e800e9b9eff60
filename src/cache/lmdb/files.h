// Which files LMDB's data.mdb and lock.mdb of a directory are at a moment.
//
// A process goes on with the files that it opened, whatever becomes of their names. Both are to be
// looked at: who has the data in common with others, but not the locks, writes while they write.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace innkeeper::cache::lmdb {

struct Files {
  struct Identity {
    dev_t device;
    ino_t inode;
    bool operator==(const Identity&) const = default;
  };
  std::optional<Identity> data, locks;  // nothing where there is none

  bool operator==(const Files&) const = default;
  bool complete() const { return data && locks; }
  // Two lines, for the mark.
  std::string to_text() const;
};

Files files_on_disk(const std::filesystem::path& directory);

}  // namespace innkeeper::cache::lmdb
