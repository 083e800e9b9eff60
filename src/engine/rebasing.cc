// Finding out what the row is, where a save did not find it as the session knew it: another request
// saved it, or it was written in a transaction of the host's that was rolled back.
#include <algorithm>
#include <utility>

#include "engine/state.h"
#include "session/merge.h"

namespace innkeeper::engine {

namespace {

using Former = SessionAccess::Former;

// How many states are kept of a session that is saved again and again in one transaction.
constexpr std::size_t most_former = 16;

bool same_save(const Snapshot& one, const Snapshot& other) {
  return one.id == other.id && one.version == other.version && one.updated_at == other.updated_at &&
         one.content == other.content;
}

// Whether `row` certainly came of `state`: it is that, or that was not rolled back.
bool came_of(const Snapshot& row, const Former& state) {
  if (same_save(state.snapshot, row)) return true;
  return state.commit.state() != Commit::State::unknown && state.snapshot.version <= row.version;
}

// The oldest stays: it is the one that is committed, or the first of its row, and whatever the row
// is came of it.
void trim(std::vector<Former>& states) {
  while (states.size() > most_former) states.erase(std::next(states.begin()));
}

}  // namespace

std::vector<SessionId> Session::ids() const {
  std::vector<SessionId> ids;
  for (const Former& former : m_former) ids.push_back(former.snapshot.id);
  if (m_snapshot) ids.push_back(m_snapshot->id);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<Former> SessionAccess::states(const Session& session) {
  auto states = session.m_former;
  states.push_back({session.m_key, *session.m_snapshot, session.m_commit, session.m_start_untold});
  return states;
}

bool SessionAccess::settle(Session& session) {
  auto& former = session.m_former;
  if (session.m_commit.is_done()) {
    former.clear();
    return true;
  }
  const auto committed = std::find_if(former.rbegin(), former.rend(),
                                      [](const Former& state) { return state.commit.is_done(); });
  if (committed != former.rend()) former.erase(former.begin(), std::prev(committed.base()));
  return false;
}

void SessionAccess::succeed(Session& session, Snapshot snapshot, Sight sight, Commit commit) {
  if (commit.is_done()) {
    session.m_former.clear();
  } else if (session.m_snapshot) {
    session.m_former = states(session);
    trim(session.m_former);
  }
  session.m_snapshot = std::move(snapshot);
  session.m_sight = sight;
  session.m_commit = std::move(commit);
}

void SessionAccess::saved(Session& session, Snapshot snapshot, Sight sight, Commit commit) {
  succeed(session, std::move(snapshot), sight, std::move(commit));
  session.m_expire_at.reset();
  session.m_start_untold = false;
  session.m_modified = false;
}

void SessionAccess::saved(Session& session, SessionKey key, Snapshot snapshot, Sight sight,
                          Commit commit) {
  saved(session, std::move(snapshot), sight, std::move(commit));
  session.m_key = std::move(key);
  session.m_wants_fresh_key = false;
}

void SessionAccess::touched(Session& session, Snapshot snapshot, Sight sight, Commit commit) {
  if (same_save(*session.m_snapshot, snapshot))
    succeed(session, std::move(snapshot), sight, std::move(commit));
}

void SessionAccess::rebase(Session& session, std::vector<Former> former, Former state,
                           Fields merged) {
  session.m_wants_fresh_key |= state.snapshot.id != session.m_snapshot->id;
  session.m_start_untold |= state.start_untold;
  session.m_key = std::move(state.key);
  session.m_snapshot = std::move(state.snapshot);
  session.m_commit = std::move(state.commit);
  session.m_former = std::move(former);
  trim(session.m_former);
  session.m_unread = false;
  session.m_fields = std::move(merged);
}

store::SavedBase Engine::State::base_of(const Snapshot& snapshot, bool settled) {
  store::SavedBase base{.expire_date = snapshot.expire_date};
  if (!settled)
    base.moments = {.updated_at = snapshot.updated_at, .last_activity = snapshot.last_activity};
  return base;
}

std::optional<Engine::State::Loaded> Engine::State::known_row(Session& session,
                                                              store::Connection& connection) {
  if (SessionAccess::settle(session))
    return Loaded{*session.snapshot(), SessionAccess::sight(session)};
  const auto sight = sight_now();
  auto row = read_latest_row(connection, session.snapshot()->id);
  if (!row) return std::nullopt;
  return Loaded{std::move(*row), sight};
}

Engine::State::Basis Engine::State::rebase(Session& session, store::Connection& connection,
                                           bool settled) {
  auto states = SessionAccess::states(session);
  const std::size_t lowest = settled ? states.size() - 1 : 0;
  auto row = find_row(states, lowest, connection);
  if (!row)
    return never_was(SessionAccess::states(session), connection) ? Basis::never : Basis::gone;
  if (is_over(*row)) return Basis::gone;
  Fields mine = SessionAccess::fields(session);
  std::size_t base = states.size() - 1;
  while (base > lowest && states[base - 1].snapshot.id == row->id && !came_of(*row, states[base])) {
    // What came with a state that was read is no change of this session's.
    if (readable() && !states[base].commit.is_of_a_write())
      mine = merged(states[base].snapshot, states[base - 1].snapshot, mine);
    --base;
  }
  const bool same = same_save(states[base].snapshot, *row);
  if (readable() && !same) mine = merged(states[base].snapshot, *row, mine);
  if (!readable()) row->content = content_of(session);
  Former now{states[base].key, *std::move(row), Commit::unknown(), states[base].start_untold};
  if (!connection.in_foreign_transaction()) {
    now.commit = {};
    states.clear();
  } else if (same) {
    now.commit = states[base].commit;
    states.erase(states.begin() + static_cast<std::ptrdiff_t>(base), states.end());
  }
  SessionAccess::rebase(session, std::move(states), std::move(now), std::move(mine));
  return Basis::row;
}

Fields Engine::State::merged(const Snapshot& base, const Snapshot& theirs,
                             const Fields& mine) const {
  return session::merge(parse(base.content), parse(theirs.content), mine);
}

// Where a fresh key was rolled back, there is no row under it, and one under the former: what came
// after that goes.
std::optional<Snapshot> Engine::State::find_row(std::vector<Former>& states, std::size_t lowest,
                                                store::Connection& connection) {
  while (states.size() > lowest) {
    const SessionId id = states.back().snapshot.id;
    if (auto row = read_latest_row(connection, id)) return row;
    while (states.size() > lowest && states.back().snapshot.id == id) states.pop_back();
  }
  return std::nullopt;
}

// Nobody said that any of it was committed, and it left no trace: an end would have.
bool Engine::State::never_was(const std::vector<Former>& states, store::Connection& connection) {
  if (is_over(states.back().snapshot)) return false;
  return std::all_of(states.begin(), states.end(), [&](const Former& state) {
    return state.commit.is_of_a_write() && state.commit.state() == Commit::State::unknown &&
           !ended(connection).has(state.snapshot.id);
  });
}

bool Engine::State::is_visitors(const Session& session) const {
  const auto states = SessionAccess::states(session);
  return std::all_of(states.begin(), states.end(), [this](const Former& state) {
    return !state.snapshot.user_id &&
           find(parse(state.snapshot.content), "_auth_user_id") == nullptr;
  });
}

}  // namespace innkeeper::engine
