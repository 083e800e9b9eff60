// How sessions stand in a cache, so that nothing ended and nothing outdated comes out of it.
//
// One slot a session, keyed `NAMESPACE:EPOCH:ID`. In it stands a copy of the row or a tombstone
// ("ask the database, and do not fill"). The rules, in the order in which they matter:
//
// - A reader fills a slot only by adding to an empty one, and only if its read of the database was
//   quick (longest_fill).
// - Who ends a session removes the row, then puts a tombstone that no copy replaces.
// - Who saves first announces it, by a tombstone that copies of the old version cannot replace,
//   then writes the row, then puts the new copy, unless something newer is there. Where the
//   announcement fails, the save goes into the feed (see feed.h).
// - A cache may drop a tombstone while somebody stands still with what it read before. So who puts
// a
//   copy late looks at the row once more, and takes the copy back where the row is another. What
//   was put quickly, the feed finds when it looks at what ended a second time (see feed.h).
// - An epoch is a cache's life between two losses of its memory. Slots of another epoch are never
//   looked at, so what comes back after a loss, or is filled by a read from before it, is not
//   believed.
//
// A cache that cannot compare (Cache::compares) would let an older copy replace a newer one. There
// nobody but a reader puts a copy: a saver and a toucher leave a tombstone that outlives every read
// begun before, and the session is asked of the database for as long.
//
// A failed read is a miss, and a failed fill or refresh does no harm. Who announces, stores or
// buries has to know: those throw CacheError.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cache/cache.h"
#include "cache/entry.h"
#include "engine/session.h"
#include "engine/settings.h"

namespace innkeeper::engine {

using Epoch = std::uint64_t;

class SessionCache {
 public:
  // References must outlive this. Thread-safe.
  SessionCache(cache::Cache& cache, const Settings& settings, const Clock& clock, Log& log);

  enum class Found {
    copy,       // here it is
    nothing,    // the slot is empty: read the database, then fill
    tombstone,  // read the database, do not fill
  };
  struct Lookup {
    Found found = Found::nothing;
    std::optional<Snapshot> copy{};
  };
  Lookup get(Epoch epoch, const SessionId& id);

  // Adds a copy of what a read of the database, begun at `began`, found; none where its payload was
  // refused. Whether the row must be looked at once more, and the copy be taken back if need be.
  [[nodiscard]] bool fill(Epoch epoch, const Snapshot& snapshot, Time began);
  // Before a save that will make version `version + 1`.
  void announce(Epoch epoch, const SessionId& id, std::int64_t version);
  // After a save, begun at `began`: the copy that readers get from now on. As fill().
  [[nodiscard]] bool store(Epoch epoch, const Snapshot& snapshot, Time began);
  // After a touch: the same version, a later last_activity. As fill(). Like a fill, only where the
  // version was seen a moment ago
  // (`seen`) in this epoch: later, the slot may have lost the newer version that would stop it.
  [[nodiscard]] bool refresh(Epoch epoch, const Snapshot& snapshot, Time seen);
  // Takes away a copy that was put, unless something newer is there.
  void take_back(Epoch epoch, const Snapshot& snapshot);
  // The feed tells of a save that others made, and `version` is the row's by now: older copies go.
  // Where the cache compares, the copy of this version stays or replaces what is left here.
  void outdate(Epoch epoch, const SessionId& id, std::int64_t version);
  // After a session was ended.
  void bury(Epoch epoch, const SessionId& id);

  // Whether something stands there that is older. Throws CacheError.
  bool holds_older(Epoch epoch, const SessionId& id, cache::Stamp than);

  // At most one line in the log a minute for a cache that fails.
  void report(const char* doing, const CacheError& error);
  cache::Cache& port() { return m_cache; }
  const cache::EntrySealer& sealer() const { return m_sealer; }
  // The cache's key of `name`, outside any epoch.
  std::string key(std::string_view name) const;

 private:
  std::string slot(Epoch epoch, const SessionId& id) const;
  std::string sealed_copy(const std::string& slot, const Snapshot& snapshot) const;
  bool is_late(Time began) const;
  Seconds copy_lifetime(const Snapshot& snapshot) const;
  // Outlives every read that is under way, and lets later ones fill: for a cache that cannot
  // compare.
  void bury_old_reads(Epoch epoch, const SessionId& id);
  void put_tombstone(Epoch epoch, const SessionId& id, cache::Stamp stamp, Seconds lifetime);
  void refuse(cache::EntrySealer::Refusal refusal);

  cache::Cache& m_cache;
  const Settings& m_settings;
  const Clock& m_clock;
  Log& m_log;
  cache::EntrySealer m_sealer;
  std::atomic<Duration::rep> m_last_report{0};
};

}  // namespace innkeeper::engine
