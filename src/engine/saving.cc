// Saving: versions, merges, and the order in which database and cache are told.
#include <algorithm>

#include "base/error.h"
#include "codec/json.h"
#include "engine/state.h"
#include "session/expiry.h"
#include "store/dialect.h"
#include "store/user_table.h"

namespace innkeeper::engine {

namespace {

// More conflicts in a row than a busy session ever sees; beyond, something else is wrong.
constexpr int most_attempts = 32;

// What a new client says, with what it leaves unsaid taken from the row: nothing is erased.
Client completed(Client given, const Client& known) {
  if (!given.ip) given.ip = known.ip;
  if (given.user_agent.empty()) {
    given.user_agent = known.user_agent;
    if (given.client_hints.empty()) given.client_hints = known.client_hints;
  }
  return given;
}

Client column_client(const Client& client) {
  return {client.ip, session::column_text(client.user_agent),
          session::column_text(client.client_hints)};
}

void require_bearer(const Session& session) {
  if (session.key()) return;
  throw Error(
      "a session that was opened by its public id cannot be saved: only its key's bearer may");
}

}  // namespace

std::string Engine::State::content_of(const Session& session) const {
  if (settings.serializer == Serializer::json)
    return codec::join_object(SessionAccess::fields(session));
  if (const auto& given = SessionAccess::opaque(session)) return *given;
  return session.snapshot() ? session.snapshot()->content : std::string();
}

session::SessionRecord Engine::State::record_of(const Snapshot& snapshot) const {
  return {.id = snapshot.id,
          .data = codec.encode(snapshot.content, clock.now()),
          .expire_date = snapshot.expire_date,
          .user_id = snapshot.user_id,
          .client = snapshot.client,
          .created_at = snapshot.created_at,
          .updated_at = snapshot.updated_at,
          .last_activity = snapshot.last_activity,
          .version = snapshot.version};
}

bool Engine::State::keeps_date(const Session& session) const {
  if (settings.serializer != Serializer::json || !session.exists()) return false;
  const std::string* date = find(SessionAccess::fields(session), "_session_expiry");
  if (date == nullptr || !date->starts_with('"')) return false;
  const Fields base = parse(session.snapshot()->content);
  const std::string* before = find(base, "_session_expiry");
  return before != nullptr && *before == *date;
}

std::optional<UserId> Engine::State::owner_in(const Fields& fields, const SessionId& id) {
  const std::string* user = find(fields, "_auth_user_id");
  if (user == nullptr) return std::nullopt;
  std::string key = codec::string_value(*user).value_or(*user);
  if (store::is_user_key(settings.users.key_type, key)) return key;
  security.warn(SecurityLog::Topic::owner,
                "session " + id.text() +
                    " names a user by what is no key of the user table (its setting: "
                    "USER_KEY_TYPE): its row is saved as nobody's");
  return std::nullopt;
}

bool Engine::State::disown(store::Connection& connection, Snapshot& next,
                           const StoreError& refusal) {
  if (refusal.kind() != StoreError::Kind::constraint || !next.user_id) return false;
  // There the refusal has spoilt what is around it (PostgreSQL), or comes with a commit that is not
  // ours: whose transaction it is must hear of it.
  if (connection.in_foreign_transaction()) return false;
  if (store::UserTable(connection, settings.users).has(*next.user_id)) return false;
  security.warn(SecurityLog::Topic::owner,
                "session " + next.id.text() +
                    " names a user whom the user table does not have: its row is saved as "
                    "nobody's");
  next.user_id.reset();
  return true;
}

template <class Write>
auto Engine::State::without_unknown_owner(store::Connection& connection, Snapshot& next,
                                          const Write& write) {
  try {
    return write();
  } catch (const StoreError& refusal) {
    if (!disown(connection, next, refusal)) throw;
  }
  return write();
}

void Engine::State::apply(Snapshot& snapshot, const Session& session) {
  const Time now = clock.now();
  const Fields& fields = SessionAccess::fields(session);
  snapshot.content = content_of(session);
  if (const auto& given = SessionAccess::expire_at(session)) {
    snapshot.expire_date = *given;
  } else if (!keeps_date(session)) {
    snapshot.expire_date = session::payload_expiry(fields, settings.expiry, now).expire_date;
  }
  // So a purge needs no look at created_at.
  if (settings.expiry.absolute_timeout) {
    snapshot.expire_date =
        std::min(snapshot.expire_date, snapshot.created_at + *settings.expiry.absolute_timeout);
  }
  if (settings.serializer == Serializer::json || SessionAccess::opaque(session))
    snapshot.user_id = owner_in(fields, snapshot.id);
  snapshot.updated_at = now;
}

Saved Engine::State::create(Session& session, const Client& client, Start start) {
  const Time now = clock.now();
  SessionKey key = SessionKey::issue(random);
  Snapshot snapshot{.id = key.id(),
                    .client = column_client(client),
                    .created_at = now,
                    .last_activity = now,
                    .version = 1};
  apply(snapshot, session);
  auto connection = database.connect(store::Access::write);
  bool later = false;
  News news;
  without_unknown_owner(*connection, snapshot, [&] {
    later = start == Start::told_later && !snapshot.user_id;
    news = later ? News() : news_of(*connection, session, snapshot);
    sessions(*connection).insert(record_of(snapshot));
  });
  Commit commit = tell_saved(std::move(connection), snapshot, std::move(news), std::nullopt);
  SessionAccess::saved(session, std::move(key), std::move(snapshot), sight_now(),
                       std::move(commit));
  if (later) SessionAccess::tell_start_later(session);
  return Saved::created;
}

bool Engine::State::write(store::Connection& connection, Snapshot& next,
                          const store::SavedBase& base, bool announced) {
  const bool into_the_feed = settings.feed_saves || !announced;
  std::optional<store::Transaction> transaction;
  if (into_the_feed) transaction.emplace(connection);  // one statement needs none
  if (!sessions(connection).update(record_of(next), base)) return false;
  if (into_the_feed) ended(connection).note_changed(next.id, next.updated_at);
  // A feed of all saves would soon be longer than the table of sessions. Who followed nothing for
  // longer begins empty.
  if (settings.feed_saves)
    ended(connection).forget_changes(next.id, next.updated_at - settings.feed_memory);
  if (transaction) transaction->commit();
  ++next.version;
  return true;
}

Saved Engine::save(Session& session, const Client& client) {
  State& state = *m_state;
  if (!session.exists()) return state.create(session, client, State::Start::told);
  if (session.wants_fresh_key()) return rotate_key(session, client);
  require_bearer(session);
  Saved result = Saved::updated;
  bool settled = SessionAccess::settle(session);
  store::Database::Lease connection;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Snapshot next = *session.snapshot();
    state.apply(next, session);
    const auto announced = state.announce(next.id, next.version);
    state.fault("save: announced, the row not yet written");
    const auto sight = state.sight_now();
    // Kept over a conflict: who lets go and asks again comes after others that save the same.
    if (!connection) connection = state.database.connect(store::Access::write);
    State::News news;
    const bool written = state.without_unknown_owner(*connection, next, [&] {
      news = state.news_of(*connection, session, next);
      return state.write(*connection, next, State::base_of(*session.snapshot(), settled),
                         announced.has_value());
    });
    if (written) {
      Commit commit = state.tell_saved(std::move(connection), next, std::move(news), announced);
      SessionAccess::saved(session, std::move(next), sight, std::move(commit));
      return result;
    }
    const auto basis = state.rebase(session, *connection, settled);
    settled = true;
    result = Saved::merged;
    if (basis == State::Basis::row && !session.wants_fresh_key()) continue;
    connection.reset();
    if (basis == State::Basis::row) return state.rotate(session, client, settled);
    if (basis == State::Basis::gone) {
      session = Session();
      return Saved::ended;
    }
    const Client known = completed(client, session.snapshot()->client);
    SessionAccess::forget_row(session);
    return state.create(session, known, State::Start::told);
  }
  throw StoreError(StoreError::Kind::locked,
                   "session " + session.snapshot()->id.text() + " was saved by others " +
                       std::to_string(most_attempts) + " times while this save tried: try again");
}

bool Engine::touch(Session& session, const Client& client) {
  State& state = *m_state;
  if (!session.exists()) return false;
  const Time now = state.clock.now();
  Seconds interval = state.settings.activity_interval;
  if (const auto idle = state.settings.expiry.idle_timeout)
    interval = std::min(interval, *idle / 4);
  if (now < session.snapshot()->last_activity + interval) return false;
  if (state.busy_writer.is_left_alone(now)) return false;
  try {
    return state.touch(session, client, now, now - interval);
  } catch (const StoreError& error) {
    // The time after the waiting, which may have been long.
    if (error.kind() == StoreError::Kind::locked) state.busy_writer.met(state.clock.now());
    throw;
  }
}

bool Engine::State::touch(Session& session, const Client& client, Time now, Time unless_after) {
  auto connection = database.connect_unless_busy();
  const auto known = known_row(session, *connection);
  if (!known) return false;
  Snapshot next = known->snapshot;
  const Client seen = completed(column_client(client), next.client);
  const bool changed = seen != next.client;
  next.client = seen;
  next.last_activity = now;
  News news{.changed = change_of(known->snapshot, next)};
  // Of several requests at once, one notes the use.
  if (!sessions(*connection)
           .touch(next.id, changed ? std::optional(seen) : std::nullopt, now, unless_after))
    return false;
  Commit commit = tell_touched(std::move(connection), next, known->sight, std::move(news));
  SessionAccess::touched(session, std::move(next), known->sight, std::move(commit));
  return true;
}

Saved Engine::rotate_key(Session& session, const Client& client) {
  if (!session.exists()) return m_state->create(session, client, State::Start::told_later);
  require_bearer(session);
  return m_state->rotate(session, client, SessionAccess::settle(session));
}

Saved Engine::State::rotate(Session& session, const Client& client, bool settled) {
  store::Database::Lease connection;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Snapshot next = *session.snapshot();
    SessionKey key = SessionKey::issue(random);
    next.id = key.id();
    next.version = 1;
    next.client = completed(column_client(client), next.client);
    next.last_activity = clock.now();
    apply(next, session);
    const auto sight = sight_now();
    if (!connection) connection = database.connect(store::Access::write);
    const Snapshot& old = *session.snapshot();
    News news;
    const bool replaced = without_unknown_owner(*connection, next, [&] {
      news = news_of(*connection, session, next);
      return replace(*connection, old, base_of(old, settled), next);
    });
    if (replaced) {
      Commit commit = tell_ended(std::move(connection), {old.id}, std::move(news));
      SessionAccess::saved(session, std::move(key), std::move(next), sight, std::move(commit));
      return Saved::updated;
    }
    const Basis basis = rebase(session, *connection, settled);
    settled = true;
    if (basis == Basis::row) continue;
    if (basis == Basis::gone && !is_visitors(session)) {
      session = Session();
      return Saved::ended;
    }
    connection.reset();
    SessionAccess::forget_row(session);
    return create(session, client, Start::told_later);
  }
  throw StoreError(StoreError::Kind::locked,
                   "session " + session.snapshot()->id.text() +
                       " was saved by others again and again while its key was rotated: try again");
}

bool Engine::State::replace(store::Connection& connection, const Snapshot& old,
                            const store::SavedBase& base, const Snapshot& next) {
  store::Transaction transaction(connection);
  // The update locks the row, and proves that nobody saved or shortened it meanwhile.
  if (!sessions(connection).update(record_of(old), base)) return false;
  sessions(connection).insert(record_of(next));
  sessions(connection).remove(old.id);
  const SessionId ids[] = {old.id};
  ended(connection)
      .explain(ids, store::Reason::changed, "");  // for the feed: nobody was signed out
  transaction.commit();
  return true;
}

std::optional<Seconds> Engine::cookie_age(const Session& session) const {
  const Time now = m_state->clock.now();
  const auto expiry =
      session::payload_expiry(SessionAccess::fields(session), m_state->settings.expiry, now);
  if (expiry.at_browser_close) return std::nullopt;
  const Time date =
      m_state->keeps_date(session) ? session.snapshot()->expire_date : expiry.expire_date;
  return std::max(Seconds(0), std::chrono::ceil<Seconds>(date - now));
}

}  // namespace innkeeper::engine
