#include "cache/lmdb/environment.h"

#include <algorithm>
#include <system_error>
#include <thread>

#include <lmdb.h>

#include "base/error.h"
#include "cache/lmdb/page_check.h"

namespace innkeeper::cache::lmdb {

namespace {

// NOSYNC: see docs/decisions/0006-lmdb.md. No WRITEMAP: a full disk would be a SIGBUS instead of an
// error. NOTLS: a reader belongs to a slot, whichever thread uses it.
constexpr unsigned environment_flags = MDB_NOTLS | MDB_NOSYNC | MDB_NOMETASYNC | MDB_NORDAHEAD;
constexpr unsigned reader_limit = 4096;
// What LMDB makes lock.mdb: a slot a reader and two lines of its own, a cache line each.
constexpr std::uint64_t lock_bytes = (reader_limit + 2) * std::uint64_t{64};

[[noreturn]] void fail(const std::filesystem::path& directory, const std::string& reason) {
  throw CacheError("lmdb cache: cannot open " + directory.string() + ": " + reason +
                   "; check the directory's owner, its permissions and the room on its disk");
}

// Threads spread over the slots in the order in which they come.
std::size_t first_slot_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed);
  return mine;
}

void make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  if (error) fail(directory, error.message());
}

// Tells the environment how the unnamed tree's keys compare; its handle is the same everywhere.
void open_main_tree(MDB_env* env) {
  MDB_txn* transaction = nullptr;
  check(mdb_txn_begin(env, nullptr, MDB_RDONLY, &transaction));
  MDB_dbi tree = 0;
  const int code = mdb_dbi_open(transaction, nullptr, 0, &tree);
  mdb_txn_abort(transaction);
  check(code);
}

}  // namespace

void check(int code) {
  if (code != 0) throw LmdbFailure{code};
}

// Whoever holds every slot is alone with the handles.
class Environment::AllSlots {
 public:
  explicit AllSlots(Environment& environment) : m_environment(environment) {
    for (Slot& slot : m_environment.m_slots) {
      while (slot.taken.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    }
  }
  AllSlots(const AllSlots&) = delete;
  AllSlots& operator=(const AllSlots&) = delete;
  ~AllSlots() {
    for (Slot& slot : m_environment.m_slots) slot.taken.store(false, std::memory_order_release);
  }

 private:
  Environment& m_environment;
};

Environment::Environment(std::filesystem::path directory, std::size_t size_bytes)
    : m_directory(std::move(directory)), m_size(size_bytes) {}

Environment::~Environment() { close_handles(); }

std::size_t Environment::take_slot() {
  for (std::size_t i = first_slot_of_this_thread();; ++i) {
    Slot& slot = m_slots[i % slot_count];
    const bool looks_free = !slot.taken.load(std::memory_order_relaxed);
    if (looks_free && !slot.taken.exchange(true, std::memory_order_acquire)) return i % slot_count;
    if (i % slot_count == slot_count - 1) std::this_thread::yield();
  }
}

void Environment::release_slot(std::size_t slot) noexcept {
  m_slots[slot].taken.store(false, std::memory_order_release);
}

std::size_t Environment::take_open_slot() {
  const std::size_t slot = take_slot();
  if (m_env) return slot;
  release_slot(slot);
  throw LmdbFailure{LmdbFailure::not_open};
}

MDB_txn* Environment::begin_reader() {
  MDB_txn* reader = nullptr;
  int code = mdb_txn_begin(m_env, nullptr, MDB_RDONLY, &reader);
  if (code == MDB_READERS_FULL) {
    mdb_reader_check(m_env, nullptr);
    code = mdb_txn_begin(m_env, nullptr, MDB_RDONLY, &reader);
  }
  check(code);
  return reader;
}

Environment::Reading::Reading(Environment& environment)
    : m_environment(environment), m_slot(environment.take_open_slot()) {
  MDB_txn*& reader = m_environment.m_slots[m_slot].reader;
  try {
    if (reader) {
      check(mdb_txn_renew(reader));
    } else {
      reader = m_environment.begin_reader();
    }
  } catch (...) {
    m_environment.release_slot(m_slot);
    throw;
  }
}

Environment::Reading::~Reading() {
  mdb_txn_reset(transaction());
  m_environment.release_slot(m_slot);
}

MDB_txn* Environment::Reading::transaction() const { return m_environment.m_slots[m_slot].reader; }

Environment::Writing::Writing(Environment& environment)
    : m_environment(environment), m_slot(environment.take_open_slot()) {
  const int code = mdb_txn_begin(m_environment.m_env, nullptr, 0, &m_transaction);
  if (code == 0) return;
  m_environment.release_slot(m_slot);
  throw LmdbFailure{code};
}

Environment::Writing::~Writing() {
  if (m_transaction) mdb_txn_abort(m_transaction);
  m_environment.release_slot(m_slot);
}

void Environment::Writing::commit() {
  MDB_txn* const transaction = m_transaction;
  m_transaction = nullptr;  // gone, whether or not it succeeds
  check(mdb_txn_commit(transaction));
}

void Environment::clear_dead_readers() {
  const std::size_t slot = take_open_slot();
  mdb_reader_check(m_env, nullptr);
  release_slot(slot);
}

bool Environment::was_replaced() {
  const Files on_disk = files_on_disk(m_directory);
  const std::size_t slot = take_slot();
  const bool replaced = m_env && (!on_disk.complete() || on_disk != m_files);
  release_slot(slot);
  return replaced;
}

std::string Environment::renew(std::string reason_to_rebuild) {
  const std::lock_guard lock(m_mutex);
  const AllSlots alone(*this);
  // Another thread or process that met the same damage may have been here first.
  if (!m_env || m_files != files_on_disk(m_directory)) reason_to_rebuild.clear();
  close_handles();
  return open_handles(std::move(reason_to_rebuild));
}

void Environment::close_handles() noexcept {
  for (Slot& slot : m_slots) {
    if (slot.reader) mdb_txn_abort(slot.reader);
    slot.reader = nullptr;
  }
  if (m_env) mdb_env_close(m_env);
  m_env = nullptr;
}

// Runs in a child that has one thread. The parent's handles stay mapped, unused: closing them would
// drop the locks of file descriptors, and reader slots, that the child never owned.
void Environment::forget_in_child() noexcept {
  for (Slot& slot : m_slots) {
    slot.reader = nullptr;
    slot.taken.store(false, std::memory_order_relaxed);
  }
  m_env = nullptr;
  m_mark.reset();
}

std::string Environment::open_handles(std::string reason) {
  make_directory(m_directory);
  m_mark.emplace(
      m_directory);  // afresh: one that was removed with its directory locks nothing any more
  const Mark::Maintenance turn(*m_mark);
  std::uint64_t map_size = m_size;
  const bool others = m_mark->others_announced();
  if (reason.empty()) reason = reason_to_discard(others, map_size);
  try {
    open_or_replace(reason, map_size, others);
    if (!m_mark->names(m_files)) m_mark->write_current(m_files);
    m_mark->announce();
  } catch (...) {
    close_handles();
    throw;
  }
  if (reason.empty()) return {};
  return "lmdb cache " + m_directory.string() + ": emptied and rebuilt, " + reason;
}

void Environment::open_or_replace(std::string& reason, std::uint64_t map_size, bool others) {
  if (!reason.empty()) remove_files();
  // Before the data: if this process is killed in between, the next one knows the file for ours.
  if (m_mark->content() != Mark::Content::current) m_mark->write_current({});
  try {
    reserve_locks(m_directory, lock_bytes, others);
    open_lmdb(map_size);
    // Only now, for a file may have gone until both were open.
    if (!others || !reason.empty() || m_mark->names(m_files)) return;
    close_handles();
    reason = "data.mdb or lock.mdb was removed or replaced while others used it";
  } catch (const LmdbFailure& failure) {
    if (failure.code > 0 || !reason.empty()) fail(m_directory, mdb_strerror(failure.code));
    reason = mdb_strerror(failure.code);
  }
  open_or_replace(reason, m_size, others);
}

// Why the files on disk are not to be used; empty where they are, or are not there.
std::string Environment::reason_to_discard(bool others, std::uint64_t& map_size) {
  const auto file = m_directory / "data.mdb";
  // Reading every page is for the first comer: a file that others use is in motion, and they have
  // read it.
  const FileCheck found = others ? check_meta_pages(file) : check_pages(file);
  const Mark::Content mark = m_mark->content();
  if (found.state == FileState::absent) return {};
  if (mark == Mark::Content::none && found.state != FileState::not_lmdb) {
    fail(m_directory, "its data.mdb is not of Innkeeper's making; choose an empty directory");
  }
  if (found.state != FileState::sound) return "it was damaged: " + found.damage;
  if (mark == Mark::Content::earlier)
    return "it is of an earlier start of the machine or an earlier version";
  if (others) {
    map_size = std::max(map_size, found.map_size);
  } else if (found.size > m_size) {
    return "it was larger than its limit";
  }
  return {};
}

void Environment::remove_files() {
  std::error_code error;
  for (const char* name : {"data.mdb", "lock.mdb"}) {
    std::filesystem::remove(m_directory / name, error);
    if (error) fail(m_directory, std::string("cannot remove its ") + name + ": " + error.message());
  }
}

void Environment::open_lmdb(std::uint64_t map_size) {
  MDB_env* env = nullptr;
  check(mdb_env_create(&env));
  std::unique_ptr<MDB_env, decltype(&mdb_env_close)> owner(env, mdb_env_close);
  check(mdb_env_set_mapsize(env, map_size));
  check(mdb_env_set_maxreaders(env, reader_limit));
  check(mdb_env_open(env, m_directory.c_str(), environment_flags, 0660));
  check(mdb_reader_check(env, nullptr));
  open_main_tree(env);
  MDB_envinfo info;
  MDB_stat stat;
  check(mdb_env_info(env, &info));
  check(mdb_env_stat(env, &stat));
  m_page_limit = info.me_mapsize / stat.ms_psize;
  m_files = files_on_disk(m_directory);
  m_env = owner.release();
}

}  // namespace innkeeper::cache::lmdb
