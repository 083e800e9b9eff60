// Telling the cache, in the order that session_cache.h demands.
#include "base/error.h"
#include "engine/state.h"

namespace innkeeper::engine {

namespace {

constexpr std::int64_t first_version = 1;

}  // namespace

std::optional<Epoch> Engine::State::announce(const SessionId& id, std::int64_t version) {
  if (!feed) return Epoch{0};
  try {
    const auto epoch = feed->epoch_in_cache();
    if (epoch) cache->announce(*epoch, id, version);
    return epoch;
  } catch (const CacheError& error) {
    cache->report("announcing a save to", error);
    return std::nullopt;
  }
}

Commit Engine::State::tell(store::Database::Lease connection, std::function<void()> what) {
  if (connection->in_foreign_transaction()) {
    std::shared_ptr<const Commit::Watch> watch;
    Commit commit = Commit::watched(watch);
    connection->after_commit([watch = std::move(watch), what = std::move(what)] {
      watch->done();
      what();
    });
    return commit;
  }
  connection.reset();
  what();
  return {};
}

// The epoch is asked for after the commit: whoever reads in a later one reads what was committed.
// Where it is not the one of the announcement, it may have begun after a later save was told to the
// one before it. So no copy is put there, but a tombstone: it stops what was read before the
// commit. A new row has no later save yet.
Commit Engine::State::tell_saved(store::Database::Lease connection, const Snapshot& snapshot,
                                 News news, std::optional<Epoch> announced) {
  if (!feed) return tell_observer(std::move(connection), std::move(news));
  return tell(std::move(connection), [this, snapshot, announced, news = std::move(news)] {
    fault("save: the row is written, the cache not yet");
    try {
      const auto epoch = feed->epoch_in_cache();
      const bool may_store = snapshot.version == first_version || epoch == announced;
      if (epoch && !may_store) cache->outdate(*epoch, snapshot.id, snapshot.version);
      if (epoch && may_store && cache->store(*epoch, snapshot, snapshot.updated_at))
        check_late_copy(*epoch, snapshot);
    } catch (const CacheError& error) {
      cache->report("writing", error);
      // The announcement may stand in an epoch that is over.
      ended(*database.connect(store::Access::write)).note_changed(snapshot.id, snapshot.updated_at);
      feed->distrust();
    }
    hand_over(news);
  });
}

Commit Engine::State::tell_observer(store::Database::Lease connection, News news) {
  return tell(std::move(connection), [this, news = std::move(news)] { hand_over(news); });
}

Commit Engine::State::tell_touched(store::Database::Lease connection, const Snapshot& snapshot,
                                   SessionAccess::Sight sight, News news) {
  if (!feed) return tell_observer(std::move(connection), std::move(news));
  return tell(std::move(connection), [this, snapshot, sight, news = std::move(news)] {
    fault("touch: the row is written, the cache not yet");
    if (sight.epoch != 0 && cache->refresh(sight.epoch, snapshot, sight.at))
      check_late_copy(sight.epoch, snapshot);
    hand_over(news);
  });
}

void Engine::State::check_late_copy(Epoch epoch, const Snapshot& copy) {
  fault("late: the copy is in the cache, the row not yet looked at again");
  try {
    const auto connection = database.connect(store::Access::read);
    const auto row = sessions(*connection).find(copy.id);
    if (row && row->version == copy.version && row->expire_date == copy.expire_date) return;
  } catch (const StoreError&) {
    // Whoever cannot be sure takes it back.
  }
  try {
    cache->take_back(epoch, copy);
  } catch (const CacheError& error) {
    cache->report("taking a late copy back from", error);
  }
}

Commit Engine::State::tell_ended(store::Database::Lease connection, std::vector<SessionId> ids,
                                 News news) {
  if (!feed) return tell_observer(std::move(connection), std::move(news));
  const auto bury = [this, ids = std::move(ids)] {
    fault("end: the row is gone, the cache not yet told");
    try {
      const auto epoch = feed->epoch_in_cache();
      for (const SessionId& id : ids) {
        if (epoch) cache->bury(*epoch, id);
      }
    } catch (const CacheError& error) {
      cache->report("burying an ended session in", error);  // the feed has it
      feed->distrust();
    }
  };
  // Whoever reads in the same transaction sees the end before the commit.
  if (connection->in_foreign_transaction()) bury();
  return tell(std::move(connection), [this, bury, news = std::move(news)] {
    bury();
    hand_over(news);
  });
}

}  // namespace innkeeper::engine
