// Loading: cache, else database, and what is done with what cannot be read.
#include <algorithm>

#include "codec/json.h"
#include "engine/state.h"
#include "session/expiry.h"

namespace innkeeper::engine {

namespace {

// From a browser's sending its cookie to its taking the answer.
constexpr Seconds longest_request{60};

// What is read in a transaction of somebody else may be that transaction's own, and rolled back.
Commit commit_of(const store::Connection& connection) {
  return connection.in_foreign_transaction() ? Commit::unknown() : Commit();
}

}  // namespace

std::optional<Engine::State::Loaded> Engine::State::load(const SessionId& id) {
  const Epoch epoch = feed ? feed->epoch().value_or(0) : 0;
  const SessionAccess::Sight sight{epoch, clock.now()};
  auto found =
      epoch != 0 ? cache->get(epoch, id) : SessionCache::Lookup{SessionCache::Found::tombstone};
  if (found.copy && !is_over(*found.copy)) return Loaded{std::move(*found.copy), sight};
  fault("load: before the row is read");
  auto connection = database.connect(store::Access::read);
  auto snapshot = read_row(*connection, id);
  if (!snapshot || is_over(*snapshot)) return std::nullopt;
  fault("load: the row is read, the cache not yet filled");
  const bool may_fill =
      found.found == SessionCache::Found::nothing && !connection->in_foreign_transaction();
  Loaded loaded{std::move(*snapshot), sight, commit_of(*connection)};
  connection.reset();
  if (may_fill && cache->fill(epoch, loaded.snapshot, sight.at))
    check_late_copy(epoch, loaded.snapshot);
  return loaded;
}

std::optional<Snapshot> Engine::State::read_row(store::Connection& connection,
                                                const SessionId& id) {
  return snapshot_of(sessions(connection).find(id));
}

std::optional<Snapshot> Engine::State::read_latest_row(store::Connection& connection,
                                                       const SessionId& id) {
  return snapshot_of(sessions(connection).find_latest(id));
}

std::optional<Snapshot> Engine::State::snapshot_of(std::optional<session::SessionRecord> record) {
  if (!record) return std::nullopt;
  Snapshot snapshot{.id = record->id,
                    .expire_date = record->expire_date,
                    .user_id = std::move(record->user_id),
                    .client = std::move(record->client),
                    .created_at = record->created_at,
                    .updated_at = record->updated_at,
                    .last_activity = record->last_activity,
                    .version = record->version};
  snapshot.content = content_in(*record);
  return snapshot;
}

std::string Engine::State::content_in(const session::SessionRecord& record) {
  const auto refuse = [&](std::string_view why) {
    security.warn(SecurityLog::Topic::payload, "the payload of session " + record.id.text() +
                                                   " was refused (" + std::string(why) +
                                                   "): it counts as empty");
    return std::string();
  };
  auto content = codec.decode(record.data);
  if (!content) return refuse(codec::describe(content.error()));
  if (settings.serializer == Serializer::opaque) return *std::move(content);
  if (const auto error = codec::object_error(*content)) {
    return refuse("signed, but " + std::string(codec::describe(*error)));
  }
  return *std::move(content);
}

std::optional<SessionKey> Engine::State::key_in(std::string_view cookie) {
  auto key = SessionKey::parse(cookie);
  if (!key && !cookie.empty()) {
    security.warn(SecurityLog::Topic::cookie,
                  "a cookie of " + std::to_string(cookie.size()) +
                      " bytes has not the form of a session's key: it opens nothing");
  }
  return key;
}

bool Engine::State::is_over(const Snapshot& snapshot) const {
  return session::ends_at(snapshot.expire_date, snapshot.last_activity, snapshot.created_at,
                          settings.expiry) <= clock.now();
}

Fields Engine::State::parse(const std::string& content) const {
  if (settings.serializer == Serializer::opaque || content.empty()) return {};
  auto fields = codec::parse_object(content);
  return fields ? std::move(*fields) : Fields{};
}

Session Engine::open(std::optional<std::string_view> cookie) {
  auto key = cookie ? m_state->key_in(*cookie) : std::nullopt;
  if (!key) return {};
  auto loaded = m_state->load(key->id());
  if (!loaded) return {};
  return SessionAccess::loaded(std::move(key), std::move(loaded->snapshot), loaded->sight,
                               std::move(loaded->commit), m_state->readable());
}

std::optional<Session> Engine::open_cached(std::string_view cookie) {
  auto key = m_state->key_in(cookie);
  if (!key) return Session();
  const Epoch epoch = m_state->feed ? m_state->feed->known_epoch().value_or(0) : 0;
  if (epoch == 0) return std::nullopt;
  const SessionAccess::Sight sight{epoch, m_state->clock.now()};
  auto found = m_state->cache->get(epoch, key->id());
  if (!found.copy || m_state->is_over(*found.copy)) return std::nullopt;
  return SessionAccess::loaded(std::move(key), std::move(*found.copy), sight, {},
                               m_state->readable());
}

bool Engine::was_rotated(std::string_view cookie) {
  const auto key = SessionKey::parse(cookie);
  if (!key) return false;
  const auto connection = m_state->database.connect(store::Access::read);
  return m_state->ended(*connection)
      .changed_last(key->id(), m_state->clock.now() - longest_request);
}

std::optional<Session> Engine::peek(const SessionId& id) {
  const auto connection = m_state->database.connect(store::Access::read);
  auto snapshot = m_state->read_row(*connection, id);
  if (!snapshot) return std::nullopt;
  return SessionAccess::loaded(std::nullopt, std::move(*snapshot), {}, commit_of(*connection),
                               m_state->readable());
}

}  // namespace innkeeper::engine
