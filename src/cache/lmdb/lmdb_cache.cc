#include "cache/lmdb/lmdb_cache.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <thread>

#include <lmdb.h>

#include "base/error.h"
#include "cache/entry.h"
#include "cache/lmdb/environment.h"
#include "cache/lmdb/shelf.h"

namespace innkeeper::cache::lmdb {

namespace {

constexpr std::size_t smallest_size = 1u << 20;
constexpr std::size_t largest_value = 1u << 20;
constexpr Seconds longest_lifetime = std::chrono::hours(24 * 365 * 100);  // no sum overflows
constexpr Duration look_interval = Seconds(1);
constexpr int most_waits = 25;  // of a millisecond each
constexpr int most_evictions = 4;
constexpr std::size_t large_value = 1024;  // from here on LMDB may keep it on pages of its own

bool means_no_room(int code) {
  return code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == ENOSPC || code == EFBIG ||
         code == EDQUOT || code == EIO;
}

bool means_reopen(int code) {
  return code == LmdbFailure::not_open || code == MDB_MAP_RESIZED || code == MDB_PANIC ||
         code == MDB_BAD_RSLOT || code == MDB_BAD_TXN;
}

// Pages that are kept free for what a transaction copies before it gives back: an eighth, and in a
// small file more.
std::uint64_t pages_to_fill(std::uint64_t page_limit) {
  const std::uint64_t spare =
      std::max(page_limit / 8, std::min<std::uint64_t>(page_limit / 2, 128));
  return page_limit - spare;
}

bool is_newer(std::string_view value, std::string_view than) {
  return value.substr(0, stamp_size) > than.substr(0, stamp_size);
}

class LmdbCache final : public Cache {
 public:
  LmdbCache(std::shared_ptr<Environment> environment, const Clock& clock, Log& log)
      : m_environment(std::move(environment)),
        m_clock(clock),
        m_log(log),
        m_largest_value(std::min(largest_value, m_environment->size() / 16)) {}

  std::optional<std::string> get(std::string_view key) override;
  void set(std::string_view key, std::string_view value, Seconds lifetime) override {
    store(key, value, lifetime, [](std::string_view) { return true; });
  }
  bool add(std::string_view key, std::string_view value, Seconds lifetime) override {
    return store(key, value, lifetime, [](std::string_view) { return false; });
  }
  bool set_unless_newer(std::string_view key, std::string_view value, Seconds lifetime) override {
    return store(key, value, lifetime,
                 [value](std::string_view present) { return !is_newer(present, value); });
  }
  void remove(std::string_view key) override;
  bool compares() const override { return true; }
  bool may_wait() const override { return false; }
  std::string describe() const override { return "lmdb " + m_environment->directory().string(); }

 private:
  // Whether to store over what is there and alive.
  using Replaces = std::function<bool(std::string_view present)>;

  template <class Action>
  auto run(Action action);
  void recover(int code);
  void report(const std::string& notice);
  void check_key(std::string_view key) const;
  void look_for_replacement(Time now);

  bool store(std::string_view key, std::string_view value, Seconds lifetime,
             const Replaces& replaces);
  bool try_store(std::string_view key, std::string_view value, Seconds lifetime,
                 const Replaces& replaces);
  void try_remove(std::string_view key, const Replaces& replaces);
  void remove_or_rebuild(std::string_view key, const Replaces& replaces);
  template <class Transaction>
  bool with_room(bool is_large, Transaction transaction);
  void rebuild_full();
  void make_room(int code, bool is_large, int attempt);
  void evict_share();

  const std::shared_ptr<Environment> m_environment;
  const Clock& m_clock;
  Log& m_log;
  const std::size_t m_largest_value;
  std::atomic<Time> m_last_look{Time()};
};

// Again after each recovery, so that a fork, a grown file and a damaged one cost their finder
// nothing but time.
template <class Action>
auto LmdbCache::run(Action action) {
  for (int recoveries = 0;; ++recoveries) {
    int code = 0;
    try {
      return action();
    } catch (const LmdbFailure& failure) {
      if (means_no_room(failure.code)) throw;
      code = failure.code;
    }
    if (recoveries == 3) throw CacheError(describe() + ": " + mdb_strerror(code));
    recover(code);
  }
}

void LmdbCache::recover(int code) {
  if (means_reopen(code)) {
    report(m_environment->reopen());
  } else if (code == MDB_READERS_FULL) {
    throw CacheError(describe() + ": too many readers; use fewer processes on one cache");
  } else if (code > 0) {
    throw CacheError(describe() + ": " + mdb_strerror(code) + "; check its disk");
  } else {
    report(m_environment->rebuild(std::string("it was damaged: ") + mdb_strerror(code)));
  }
}

void LmdbCache::report(const std::string& notice) {
  if (!notice.empty()) m_log.write(LogLevel::warning, general_log, notice);
}

void LmdbCache::check_key(std::string_view key) const {
  if (!key.empty() && key.size() <= longest_key) return;
  throw CacheError(describe() + ": a key of " + std::to_string(key.size()) +
                   " bytes; 1 to 200 are allowed");
}

// A file that another process found damaged and replaced goes on being read by this one, so
// somebody has to look. The interval is that in which the feed of ended sessions reaches a cache,
// too. A clock set back looks at once.
void LmdbCache::look_for_replacement(Time now) {
  const Time last = m_last_look.load(std::memory_order_relaxed);
  if (now >= last && now - last < look_interval) return;
  m_last_look.store(now, std::memory_order_relaxed);
  if (m_environment->was_replaced()) report(m_environment->reopen());
}

std::optional<std::string> LmdbCache::get(std::string_view key) {
  check_key(key);
  Time now;
  std::optional<std::string> value = run([&]() -> std::optional<std::string> {
    const Environment::Reading reading(*m_environment);
    const auto found = find(reading.transaction(), key);
    now = m_clock.now();
    if (!found || found->expires <= now) return std::nullopt;
    return std::string(found->value);
  });
  look_for_replacement(now);
  return value;
}

bool LmdbCache::store(std::string_view key, std::string_view value, Seconds lifetime,
                      const Replaces& replaces) {
  check_key(key);
  if (m_environment->was_replaced()) report(m_environment->reopen());
  const bool is_large = value.size() >= large_value;
  bool stored = false;
  const auto action = [&] { stored = try_store(key, value, lifetime, replaces); };
  if (value.size() <= m_largest_value && with_room(is_large, action)) return stored;
  // Dropped. What it would have replaced must not be read again; what it would not have replaced
  // stays.
  if (is_large) {
    remove_or_rebuild(key, replaces);
  } else {
    rebuild_full();
  }
  return false;
}

bool LmdbCache::try_store(std::string_view key, std::string_view value, Seconds lifetime,
                          const Replaces& replaces) {
  Environment::Writing writing(*m_environment);
  MDB_txn* const transaction = writing.transaction();
  const Time now = m_clock.now();  // after the wait for other writers
  const auto present = find(transaction, key);
  if (present && present->expires > now && !replaces(present->value)) return false;
  // Every put buries a few of the dead; a full shelf gives up more than it gets.
  evict(transaction, 4, now);
  if (pages_in_use(transaction) > pages_to_fill(writing.page_limit())) {
    evict(transaction, 16, Time::max());
  }
  const auto left = find(transaction, key);  // evict() may have removed it or filed it anew
  const auto filed = left ? std::optional(left->filed) : std::nullopt;
  const Time expires = now + std::min(lifetime, longest_lifetime);
  if (expires > now) {
    put(transaction, key, value, expires, filed);
  } else if (filed) {
    erase(transaction, key, *filed);
  }
  writing.commit();
  return true;
}

void LmdbCache::remove(std::string_view key) {
  check_key(key);
  if (m_environment->was_replaced()) report(m_environment->reopen());
  remove_or_rebuild(key, [](std::string_view) { return true; });
}

void LmdbCache::try_remove(std::string_view key, const Replaces& replaces) {
  Environment::Writing writing(*m_environment);
  const auto found = find(writing.transaction(), key);
  if (!found || !replaces(found->value)) return;
  erase(writing.transaction(), key, found->filed);
  writing.commit();
}

// To remove takes room, too: pages are copied before they are given back.
void LmdbCache::remove_or_rebuild(std::string_view key, const Replaces& replaces) {
  if (!with_room(false, [&] { try_remove(key, replaces); })) rebuild_full();
}

// A reader stands still, or a disk is full, and either would make every call from now on wait: a
// new file costs once.
void LmdbCache::rebuild_full() {
  report(
      m_environment->rebuild("it was full, and nothing in it could be given up; check its disk"));
}

// Runs a transaction, making room and trying again where it found none; whether it was done.
template <class Transaction>
bool LmdbCache::with_room(bool is_large, Transaction transaction) {
  for (int attempt = 0;; ++attempt) {
    try {
      run(transaction);
      return true;
    } catch (const LmdbFailure& failure) {
      if (attempt == (failure.code == MDB_MAP_FULL ? most_waits : most_evictions)) return false;
      make_room(failure.code, is_large, attempt);
    }
  }
}

// A full shelf is emptied before it is full (try_store), so what fills the file are pages that a
// reader still holds: one that died, or one that was put to sleep by the scheduler in the
// microsecond in which it reads. The first is cleared, the second waited for. A large value also
// needs pages side by side, and a full disk pages of the file's own: those come from eviction.
void LmdbCache::make_room(int code, bool is_large, int attempt) {
  if (attempt == 0) m_environment->clear_dead_readers();
  if (is_large || code != MDB_MAP_FULL || attempt >= most_waits - most_evictions) evict_share();
  if (code == MDB_MAP_FULL && attempt > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// A 32nd of the entries in one transaction, or fewer where there is not even room for that.
void LmdbCache::evict_share() {
  for (const std::size_t divisor : {32u, 1024u, 1u << 20}) {
    try {
      run([&] {
        Environment::Writing writing(*m_environment);
        const std::size_t share = count_entries(writing.transaction()) / divisor;
        evict(writing.transaction(), std::clamp<std::size_t>(share, 1, 4096), Time::max());
        writing.commit();
      });
      return;
    } catch (const LmdbFailure&) {
      continue;
    }
  }
}

}  // namespace

std::unique_ptr<Cache> open(const Options& options, const Clock& clock, Log& log) {
  std::string notice;
  auto environment =
      Environment::share(options.directory, std::max(options.size_bytes, smallest_size), notice);
  if (!notice.empty()) log.write(LogLevel::warning, general_log, notice);
  return std::make_unique<LmdbCache>(std::move(environment), clock, log);
}

}  // namespace innkeeper::cache::lmdb
