#include "store/sqlite/sqlite_database.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/error.h"
#include "store/sqlite/checkpoints.h"
#include "store/sqlite/fork_guard.h"
#include "store/sqlite/sqlite_connection.h"

namespace innkeeper::store::sqlite {

namespace {

using std::chrono::steady_clock;
using ConnectionPointer = std::unique_ptr<SqliteConnection>;

// How long a fork waits for other threads to give their connections back.
constexpr std::chrono::seconds fork_patience{2};
// How long connect_unless_busy() waits: for a few batches of a purge, not for a transaction that
// somebody left open.
constexpr std::chrono::milliseconds short_patience{100};

class SqliteDatabase final : public Database, private ForkListener {
 public:
  explicit SqliteDatabase(const Options& options) : m_options(options) { listen_to_forks(*this); }
  ~SqliteDatabase() override { unlisten_to_forks(*this); }

  Lease connect(Access access) override { return lend(access, m_options.busy_timeout); }
  Lease connect_unless_busy() override {
    return lend(Access::write, std::min(m_options.busy_timeout, short_patience));
  }
  void upkeep() noexcept override;
  std::string describe() const override { return "sqlite " + m_options.file.string(); }

 private:
  using Patience = std::chrono::milliseconds;
  Lease lend(Access access, Patience patience);
  ConnectionPointer take(Access access, Patience patience);
  ConnectionPointer take_kept(Access access, Patience patience);
  void forget_other_files();
  void wait_for_turn(std::unique_lock<std::mutex>& lock, Patience patience);
  void leave(Access access, std::thread::id user) noexcept;
  void give_back(ConnectionPointer connection, unsigned generation) noexcept;
  void checkpoint_beside(int pages) noexcept;
  void before_fork() noexcept override;
  void after_fork(bool in_child) noexcept override;

  const Options m_options;
  Checkpoints m_checkpoints;
  std::mutex m_mutex;
  // On the heap: a child cannot destroy one that threads of its parent wait on, it makes another.
  std::unique_ptr<std::condition_variable> m_returned = std::make_unique<std::condition_variable>();
  ConnectionPointer m_writer;                // idle
  std::vector<ConnectionPointer> m_readers;  // idle
  std::vector<std::thread::id> m_users;      // of the leases that are out, openings included
  bool m_writer_is_out = false;
  std::uint64_t m_next_ticket = 0;
  std::deque<std::uint64_t> m_waiting;  // for the writer, who came first in front
  bool m_forking = false;
  unsigned m_generation = 0;  // rises in a child: leases of its parent are not its own
  bool m_inherited =
      false;  // forked while a connection was in use: SQLite's locks cannot be trusted here
};

Database::Lease SqliteDatabase::lend(Access access, Patience patience) {
  ConnectionPointer connection = take(access, patience);
  const unsigned generation = m_generation;
  return Lease(connection.release(), [this, generation](Connection* lent) {
    give_back(ConnectionPointer(static_cast<SqliteConnection*>(lent)), generation);
  });
}

// Who came first writes first: without that, a loop of writes (a purge) keeps everybody else
// waiting, since it asks again before they have woken up. Fails beyond the waiting limit.
void SqliteDatabase::wait_for_turn(std::unique_lock<std::mutex>& lock, Patience patience) {
  const std::uint64_t mine = m_next_ticket++;
  m_waiting.push_back(mine);
  const auto my_turn = [&] { return !m_writer_is_out && !m_forking && m_waiting.front() == mine; };
  const auto limit = steady_clock::now() + patience;
  const bool served = m_returned->wait_until(lock, limit, my_turn);
  std::erase(m_waiting, mine);
  if (served) return;
  m_returned->notify_all();  // the next may be at the head now
  throw StoreError(StoreError::Kind::locked,
                   describe() + " is being written by another thread for longer than " +
                       std::to_string(patience.count()) + " ms: try again");
}

// The file may have been removed or replaced since: what is open on the old one must not be read,
// nor written into nowhere.
void SqliteDatabase::forget_other_files() {
  const auto identity = identity_of(m_options.file);
  std::erase_if(m_readers, [&](const auto& reader) { return reader->identity() != identity; });
  if (m_writer && m_writer->identity() != identity) m_writer.reset();
}

ConnectionPointer SqliteDatabase::take_kept(Access access, Patience patience) {
  std::unique_lock lock(m_mutex);
  if (m_inherited) {
    throw StoreError(StoreError::Kind::unavailable,
                     describe() +
                         " was in use when this process was forked, and its locks are not this "
                         "process's: fork while no connection is on lease");
  }
  if (access == Access::write) {
    wait_for_turn(lock, patience);
    forget_other_files();
    m_writer_is_out = true;
    m_users.push_back(std::this_thread::get_id());
    return std::move(m_writer);
  }
  m_returned->wait(lock, [this] { return !m_forking; });
  forget_other_files();
  m_users.push_back(std::this_thread::get_id());
  if (m_readers.empty()) return nullptr;
  ConnectionPointer reader = std::move(m_readers.back());
  m_readers.pop_back();
  return reader;
}

ConnectionPointer SqliteDatabase::take(Access access, Patience patience) {
  const std::thread::id user = std::this_thread::get_id();
  ConnectionPointer connection = take_kept(access, patience);
  try {
    // Opened without the lock: the disk may be slow, and other threads' connections are there
    // already.
    if (!connection) connection = std::make_unique<SqliteConnection>(m_options, access, patience);
  } catch (...) {
    leave(access, user);
    throw;
  }
  connection->user = user;
  connection->set_patience(patience);
  return connection;
}

void SqliteDatabase::leave(Access access, std::thread::id user) noexcept {
  const std::lock_guard lock(m_mutex);
  const auto place = std::find(m_users.begin(), m_users.end(), user);
  if (place != m_users.end()) m_users.erase(place);
  if (access == Access::write) m_writer_is_out = false;
  if (access == Access::write || m_forking) m_returned->notify_all();
}

void SqliteDatabase::give_back(ConnectionPointer connection, unsigned generation) noexcept {
  if (generation != m_generation) {
    // The parent's: closing it here would touch files that the parent is using.
    static_cast<void>(connection.release());
    return;
  }
  connection->end_lease();
  const Access access = connection->access();
  const std::thread::id user = connection->user;
  if (access == Access::write) {
    m_checkpoints.note(connection->wal_pages());
    if (m_checkpoints.is_overlong()) connection->checkpoint();
  }
  if (connection->usable()) {
    const std::lock_guard lock(m_mutex);
    if (access == Access::write) {
      m_writer = std::move(connection);
    } else if (m_readers.size() < static_cast<std::size_t>(m_options.readers)) {
      m_readers.push_back(std::move(connection));
    }
  }
  connection.reset();  // closed before the turn passes on, where it is not kept
  leave(access, user);
  if (access == Access::write) checkpoint_beside(Checkpoints::pages_for_writers);
}

// Where one is due, by a reader's connection: who writes next need not wait for it.
void SqliteDatabase::checkpoint_beside(int pages) noexcept {
  if (!m_checkpoints.begin(pages)) return;
  try {
    const Lease reader = connect(Access::read);
    static_cast<SqliteConnection&>(*reader).checkpoint();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the next commit tries again
  }
  m_checkpoints.done();
}

// Beside writers who never pause a checkpoint does not come to the end, and the log grows on.
void SqliteDatabase::upkeep() noexcept {
  checkpoint_beside(Checkpoints::pages_for_upkeep);
  if (!m_checkpoints.is_long()) return;
  try {
    const Lease writer = connect_unless_busy();
    static_cast<SqliteConnection&>(*writer).checkpoint();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the next upkeep tries again
  }
}

void SqliteDatabase::before_fork() noexcept {
  std::unique_lock lock(m_mutex);
  m_forking = true;
  const auto self = std::this_thread::get_id();
  const auto only_mine = [&] {
    return std::all_of(m_users.begin(), m_users.end(), [&](auto user) { return user == self; });
  };
  m_returned->wait_until(lock, steady_clock::now() + fork_patience, only_mine);
  m_readers.clear();
  m_writer.reset();
  lock.release();  // held across the fork
}

void SqliteDatabase::after_fork(bool in_child) noexcept {
  m_forking = false;
  if (in_child) {
    ++m_generation;
    m_inherited = m_inherited || !m_users.empty();
    m_users.clear();
    m_waiting.clear();
    m_checkpoints.done();
    m_writer_is_out = false;
    static_cast<void>(m_returned.release());
    m_returned = std::make_unique<std::condition_variable>();
  }
  m_mutex.unlock();
  m_returned->notify_all();
}

}  // namespace

std::unique_ptr<Database> open(const Options& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace innkeeper::store::sqlite
