// Looking: lists, history and counts, none of which reads a payload or counts a whole table.
#include "engine/state.h"
#include "session/expiry.h"

namespace innkeeper::engine {

void Engine::State::complete(store::SessionFilter& filter) const {
  filter.now = clock.now();
  filter.idle_timeout = settings.expiry.idle_timeout;
  filter.absolute_timeout = settings.expiry.absolute_timeout;
}

store::SessionPage Engine::list(store::SessionFilter filter, const store::SessionPlace& place) {
  m_state->complete(filter);
  const auto connection = m_state->database.connect(store::Access::read);
  return m_state->sessions(*connection).list(filter, place);
}

std::int64_t Engine::count(store::SessionFilter filter, std::int64_t limit) {
  m_state->complete(filter);
  const auto connection = m_state->database.connect(store::Access::read);
  return m_state->sessions(*connection).count(filter, limit);
}

store::EndedPage Engine::history(const store::EndedFilter& filter,
                                 std::optional<std::int64_t> below, int limit) {
  const auto connection = m_state->database.connect(store::Access::read);
  return m_state->ended(*connection).history(filter, below, limit);
}

std::vector<store::ActiveBound> Engine::active_bounds() const {
  store::SessionFilter filter;
  m_state->complete(filter);
  return store::active_bounds(filter);
}

bool Engine::is_active(const store::SessionSummary& summary) const {
  return ends_at(summary) > m_state->clock.now();
}

Time Engine::ends_at(const store::SessionSummary& summary) const {
  return session::ends_at(summary.expire_date, summary.last_activity, summary.created_at,
                          m_state->settings.expiry);
}

}  // namespace innkeeper::engine
