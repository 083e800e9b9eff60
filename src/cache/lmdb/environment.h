// One open LMDB file of this process: its handles, its readers, and what happens to them when the
// process forks or the file is replaced. Knows nothing of what the keys and values mean.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cache/lmdb/files.h"
#include "cache/lmdb/mark.h"

struct MDB_env;
struct MDB_txn;

namespace innkeeper::cache::lmdb {

// LMDB said no, with this code: the caller decides whether to try again, to reopen or to rebuild.
struct LmdbFailure {
  int code;                            // LMDB's (negative), errno's (positive), or:
  static constexpr int not_open = -1;  // after a fork or a failed reopen(): say reopen()
};

// Throws LmdbFailure unless `code` is 0.
void check(int code);

// Thread-safe. LMDB forbids a process to open a file twice, so all users of a directory share one:
// share().
//
// Readings and Writings throw LmdbFailure. Using the handles takes a slot: an array of flags, one a
// thread in the ordinary case, so that readers never wait for each other and share no cache line;
// who replaces the handles takes all of them. No slot is held while waiting for the mutex. After
// fork, a child forgets its parent's handles without closing them (closing would drop locks and
// reader slots that are not the child's) and opens its own at the next call.
class Environment {
 public:
  // The environment of this directory (made where it is missing) in this process. The first to open
  // decides about the size. `notice` receives one line for the log, or stays empty. Throws
  // CacheError.
  static std::shared_ptr<Environment> share(const std::filesystem::path& directory,
                                            std::size_t size_bytes, std::string& notice);
  // For the registry; others say share().
  Environment(std::filesystem::path directory, std::size_t size_bytes);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment();

  // A snapshot for reading. Costs no lock and no system call once its slot has had a reader.
  class Reading {
   public:
    explicit Reading(Environment& environment);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading();
    MDB_txn* transaction() const;

   private:
    Environment& m_environment;
    std::size_t m_slot;
  };

  // A transaction for writing; waits for the other writers of the machine. Undone unless committed.
  class Writing {
   public:
    explicit Writing(Environment& environment);
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing();
    MDB_txn* transaction() const { return m_transaction; }
    void commit();
    // How many pages the file may have, and how large they are.
    std::uint64_t page_limit() const { return m_environment.m_page_limit; }

   private:
    Environment& m_environment;
    std::size_t m_slot;
    MDB_txn* m_transaction = nullptr;
  };

  // Gives the slots of readers that died back, so that what they pinned can be reused.
  void clear_dead_readers();
  // Whether another process has replaced the files, or somebody has removed one. Two stat(2).
  bool was_replaced();
  // Closes and opens again: this is a child, the file grew or was replaced, or a writer failed. As
  // rebuild(), it returns a line for the log, or nothing. Both throw CacheError; then the handles
  // are not open.
  std::string reopen() { return renew({}); }
  // Throws the file away for this reason, unless another process already has, and opens a new one.
  std::string rebuild(const std::string& reason) { return renew(reason); }

  const std::filesystem::path& directory() const { return m_directory; }
  std::size_t size() const { return m_size; }

 private:
  friend class Registry;
  struct alignas(64) Slot {
    std::atomic<bool> taken{false};
    MDB_txn* reader = nullptr;  // reset between uses; bound to the slot, not to a thread
  };
  class AllSlots;

  std::size_t take_slot();
  void release_slot(std::size_t slot) noexcept;
  // As take_slot, with the handles open.
  std::size_t take_open_slot();
  MDB_txn* begin_reader();

  std::string renew(std::string reason_to_rebuild);
  std::string open_handles(std::string reason_to_rebuild);
  void open_or_replace(std::string& reason, std::uint64_t map_size, bool others);
  std::string reason_to_discard(bool others, std::uint64_t& map_size);
  void remove_files();
  void open_lmdb(std::uint64_t map_size);
  void close_handles() noexcept;
  void forget_in_child() noexcept;

  static constexpr std::size_t slot_count = 64;
  const std::filesystem::path m_directory;
  const std::size_t m_size;
  std::mutex m_mutex;  // one opens or replaces at a time; taken before the slots
  std::array<Slot, slot_count> m_slots;
  // Changed with all slots taken, read with one.
  MDB_env* m_env = nullptr;
  std::uint64_t m_page_limit = 0;
  Files m_files;
  std::optional<Mark> m_mark;  // under m_mutex
};

}  // namespace innkeeper::cache::lmdb
