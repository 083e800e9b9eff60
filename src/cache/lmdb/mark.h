// The file `innkeeper.mark` beside data.mdb: what says that the cache is ours and of this start of
// the machine and which files the processes use, and what they lock when they open or replace them.
//
// Writes are not forced to disk, so after a crash of the whole machine any page may be missing
// under a meta page that looks well. Nothing in the file can tell. The kernel's boot id can: a
// cache of an earlier start is thrown away.
#pragma once

#include <filesystem>
#include <string>

#include "cache/lmdb/files.h"

namespace innkeeper::cache::lmdb {

// Owns one open file description; its locks belong to that, not to the process, so that they
// neither vanish with another descriptor nor pass to a forked child that closes its copy. Not
// thread-safe.
class Mark {
 public:
  // Opens or makes the file. Throws CacheError.
  explicit Mark(const std::filesystem::path& directory);
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  ~Mark();

  // While one of these lives, no other process opens or replaces the cache's files. Waits for its
  // turn.
  class Maintenance {
   public:
    explicit Maintenance(Mark& mark);
    Maintenance(const Maintenance&) = delete;
    Maintenance& operator=(const Maintenance&) = delete;
    ~Maintenance();

   private:
    Mark& m_mark;
  };

  // Says, until this object or the process goes, that the cache is in use.
  void announce();
  // Whether anyone else has announced.
  bool others_announced();

  enum class Content {
    none,     // new, or emptied: nobody has vouched for the files beside it
    current,  // the files are ours, of this format and this start of the machine
    earlier,  // ours, of an earlier start or another format
  };
  Content content() const;
  // Vouches for these files from now on.
  void write_current(const Files& files);
  // Whether it vouches for these.
  bool names(const Files& files) const;

 private:
  std::string read() const;
  bool lock(short type, long long byte, bool wait);
  std::filesystem::path m_path;
  int m_file;
};

}  // namespace innkeeper::cache::lmdb
