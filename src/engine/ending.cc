// Ending sessions: the row goes, the history says why, then the cache learns of it.
#include <exception>
#include <functional>
#include <limits>

#include "engine/state.h"

namespace innkeeper::engine {

namespace {

std::vector<SessionId> ids_of(const std::vector<store::RemovedSession>& removed) {
  std::vector<SessionId> ids;
  ids.reserve(removed.size());
  for (const auto& session : removed) ids.push_back(session.id);
  return ids;
}

}  // namespace

void Engine::flush(Session& session, store::Reason reason, std::string_view actor) {
  for (const SessionId& id : session.ids())
    revoke(id, {.actor = std::string(actor), .reason = reason});
  session = Session();
  session.mark_modified();
}

bool Engine::revoke(const SessionId& id, const RevokeOptions& options) {
  store::SessionFilter only_this;
  only_this.only = id;
  return revoke_all(std::move(only_this), options) > 0;
}

std::int64_t Engine::revoke_all(store::SessionFilter filter, const RevokeOptions& options) {
  m_state->complete(filter);
  if (options.dry_run) return count(filter, std::numeric_limits<std::int64_t>::max());
  if (filter.only) return m_state->revoke_batch(filter, options);
  std::int64_t ended = 0;
  const auto revoke = [&](const store::SessionFilter& those) {
    const std::int64_t batch = m_state->revoke_batch(those, options);
    ended += batch;
    if (options.progress && batch > 0) options.progress(ended);
  };
  const bool of_users = filter.user_id || !filter.user_ids.empty();
  // A request that gives a session a fresh key meanwhile puts a new row in the old one's place:
  // whoever waited for the old one finds nothing, and meets the new one only by looking again.
  std::int64_t before = -1;
  for (int times = 0; times < 2 || ended > before; ++times) {
    before = ended;
    if (of_users)
      revoke(filter);
    else
      m_state->for_each_batch(filter, options.batch_size, revoke);
  }
  return ended;
}

// No index may lead to those of the filter: they are looked for while others can write.
void Engine::State::for_each_batch(const store::SessionFilter& filter, int size,
                                   const std::function<void(const store::SessionFilter&)>& revoke) {
  store::SessionPlace place{.size = size};
  do {
    const auto page = sessions(*database.connect(store::Access::read)).list(filter, place);
    store::SessionFilter those = filter;
    for (const auto& session : page.sessions) those.among.push_back(session.id);
    if (!those.among.empty()) revoke(those);
    place.cursor = page.next;
  } while (place.cursor);
}

std::int64_t Engine::State::revoke_batch(const store::SessionFilter& filter,
                                         const RevokeOptions& options) {
  auto connection = database.connect(store::Access::write);
  // One row that goes by one statement needs none: the trigger writes the end together with the
  // removal, and whoever dies before the second statement leaves a history that says `removed`.
  const bool one_statement = filter.only && connection->dialect() != store::Dialect::mariadb;
  std::optional<store::Transaction> transaction;
  if (!one_statement) transaction.emplace(*connection);
  std::vector<store::RemovedSession> removed;
  const auto count = sessions(*connection).remove_some(filter, options.batch_size, &removed);
  auto ids = ids_of(removed);
  std::exception_ptr unexplained;
  try {
    ended(*connection).explain(ids, options.reason, options.actor);
  } catch (...) {
    if (!one_statement) throw;
    unexplained = std::current_exception();  // the row is gone all the same: the cache must hear it
  }
  if (transaction) transaction->commit();
  tell_ended(std::move(connection), std::move(ids), end_of(removed, options.reason, options.actor));
  if (unexplained) std::rethrow_exception(unexplained);
  return count;
}

void Engine::rows_removed(const std::vector<store::RemovedSession>& rows, store::Reason reason,
                          std::string_view actor) {
  auto connection = m_state->database.connect(store::Access::write);
  auto ids = ids_of(rows);
  m_state->ended(*connection).explain(ids, reason, actor);
  m_state->tell_ended(std::move(connection), std::move(ids), m_state->end_of(rows, reason, actor));
}

void Engine::rows_changed(std::vector<SessionId> ids) {
  m_state->tell_ended(m_state->database.connect(store::Access::write), std::move(ids), {});
}

}  // namespace innkeeper::engine
