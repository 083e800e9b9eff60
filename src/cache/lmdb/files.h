// LMDB's data.mdb and lock.mdb of a directory: which files they are at a moment, and room for them.
//
// A process goes on with the files that it opened, whatever becomes of their names. Both are to be
// looked at: who has the data in common with others, but not the locks, writes while they write.
#pragma once

#include <cstdint>
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

// Takes the room for the whole of lock.mdb, which is made where it is missing and made `bytes` long
// where it is shorter and nobody else uses it (`others`: they have it mapped as it is). LMDB maps
// the file for writing and leaves it with holes: on a full disk whoever is the first to write into
// one of them dies by SIGBUS. Call it while this process does not have the file open, for closing
// it here would give up LMDB's locks. Throws CacheError where there is no room.
void reserve_locks(const std::filesystem::path& directory, std::uint64_t bytes, bool others);

}  // namespace innkeeper::cache::lmdb
