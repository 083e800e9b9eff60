// What the engine's sources share: its parts, and the steps that several calls take.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "codec/payload.h"
#include "engine/busy_writer.h"
#include "engine/engine.h"
#include "engine/feed.h"
#include "engine/security_log.h"
#include "engine/session_cache.h"

namespace innkeeper::engine {

// The engine's way into a Session: nobody else may give it a key or a snapshot.
struct SessionAccess {
  using Sight = Session::Sight;
  using Former = Session::Former;
  // A loaded session. `readable`: its members are in the snapshot's content, as JSON. `commit`: not
  // done where the row was read in a transaction of somebody else.
  static Session loaded(std::optional<SessionKey> key, Snapshot snapshot, Sight sight,
                        Commit commit, bool readable);
  // `snapshot` was written, and `commit` knows whether that holds. A fresh `key` came with it.
  static void saved(Session& session, Snapshot snapshot, Sight sight, Commit commit);
  static void saved(Session& session, SessionKey key, Snapshot snapshot, Sight sight,
                    Commit commit);
  // The use of `snapshot` was noted. It becomes the session's if it is of the same save.
  static void touched(Session& session, Snapshot snapshot, Sight sight, Commit commit);
  // Whether the snapshot is known to be committed, and so to be the row, or to have been; looked up
  // once for each call of the engine's.
  static bool settle(Session& session);
  // What the row may be by now, as far as no other request saved: the snapshot last.
  static std::vector<Former> states(const Session& session);
  static Sight sight(const Session& session) { return session.m_sight; }
  // Without counting as a look: the answer does not vary by it.
  static const Fields& fields(const Session& session) { return session.members(); }
  // The bytes that replace_opaque was given.
  static const std::optional<std::string>& opaque(const Session& session) {
    return session.m_opaque;
  }
  static const std::optional<Time>& expire_at(const Session& session) {
    return session.m_expire_at;
  }
  static bool start_untold(const Session& session) { return session.m_start_untold; }
  static void tell_start_later(Session& session) { session.m_start_untold = true; }
  static Snapshot& snapshot(Session& session) { return *session.m_snapshot; }
  // The members stay; saved again, they are another session's.
  static void forget_row(Session& session) {
    session.members();
    if (!session.m_opaque) session.m_opaque = std::move(session.m_snapshot->content);
    session.m_snapshot.reset();
    session.m_key.reset();
    session.m_commit = {};
    session.m_former.clear();
  }
  // The row is `state`, after `former`; `state.key` opens it.
  static void rebase(Session& session, std::vector<Former> former, Former state, Fields merged);

 private:
  static void succeed(Session& session, Snapshot snapshot, Sight sight, Commit commit);
};

struct Engine::State {
  State(Settings given, store::Database& database, cache::Cache* cache, const Clock& clock,
        Random& random, Log& log);

  Settings settings;
  codec::PayloadCodec codec;
  store::Database& database;
  std::optional<SessionCache> cache;  // none: the database alone
  std::optional<Feed> feed;           // where there is a cache
  const Clock& clock;
  Random& random;
  Log& log;
  SecurityLog security;
  Observer* observer = nullptr;
  FaultPoint fault_point;
  BusyWriter busy_writer;

  void fault(std::string_view place) const {
    if (fault_point) fault_point(place);
  }
  store::SessionTable sessions(store::Connection& connection) const {
    return {connection, settings.users.key_type};
  }
  store::EndedTable ended(store::Connection& connection) const {
    return {connection, settings.users.key_type};
  }

  // --- loading ---
  // The row, from the cache where it may be believed, else from the database; nothing where it is
  // absent or over.
  struct Loaded {
    Snapshot snapshot;
    SessionAccess::Sight sight;
    Commit commit{};
  };
  std::optional<Loaded> load(const SessionId& id);
  // A payload that is forged, or (with Serializer::json) no JSON object, is empty, and told to the
  // security log.
  std::optional<Snapshot> read_row(store::Connection& connection, const SessionId& id);
  // The same for who is about to write it, see SessionTable::find_latest.
  std::optional<Snapshot> read_latest_row(store::Connection& connection, const SessionId& id);
  std::optional<Snapshot> snapshot_of(std::optional<session::SessionRecord> record);
  // The bytes of a payload; empty where they are refused.
  std::string content_in(const session::SessionRecord& record);
  // The key in a cookie's value; what has not the form of one is told to the security log.
  std::optional<SessionKey> key_in(std::string_view cookie);
  bool is_over(const Snapshot& snapshot) const;
  // The members of a payload; empty for an opaque one.
  Fields parse(const std::string& content) const;
  bool readable() const { return settings.serializer == Serializer::json; }

  // --- saving ---
  // The bytes to sign: the members joined, or, for an opaque serializer, the snapshot's content as
  // it is.
  std::string content_of(const Session& session) const;
  session::SessionRecord record_of(const Snapshot& snapshot) const;
  // Whether the payload names the date that it named when it was loaded or last saved. Then the
  // row's expire_date holds: a date without an offset is in the time zone of the host that wrote
  // it, which only the host knows.
  bool keeps_date(const Session& session) const;
  // Fills in what a save decides: content, expire_date, user_id, updated_at.
  void apply(Snapshot& snapshot, const Session& session);
  // Whose session the members say that it is; nobody's, and told to the security log, where that is
  // no key of the user table.
  std::optional<UserId> owner_in(const Fields& fields, const SessionId& id);
  // Runs `write`, which writes `next`. Where the database refuses the row for its owner, whom the
  // user table does not have, it is run once more with `next` nobody's: what else is in the session
  // is not lost.
  template <class Write>
  auto without_unknown_owner(store::Connection& connection, Snapshot& next, const Write& write);
  // Makes `next` nobody's, if that was why it was refused; whether it did.
  bool disown(store::Connection& connection, Snapshot& next, const StoreError& refusal);
  // Writes `next` over `base`, from which it was made, and raises its version; false where that is
  // not the row any more, or where the row's date is earlier. `announced`: the cache was told;
  // otherwise the save goes into the feed as well, as every save does with Settings::feed_saves.
  bool write(store::Connection& connection, Snapshot& next, const store::SavedBase& base,
             bool announced);
  // Whether the observer hears of it now or with the next save.
  enum class Start { told, told_later };
  Saved create(Session& session, const Client& client, Start start);
  // Notes a use at `now`, unless one after `unless_after` is noted already; whether it wrote.
  bool touch(Session& session, const Client& client, Time now, Time unless_after);
  // `settled`: the base of the first attempt is sure (see rebase).
  Saved rotate(Session& session, const Client& client, bool settled);
  // Puts the row `next` in the place of `old`, in one transaction; false where `old` is not the row
  // any more.
  bool replace(store::Connection& connection, const Snapshot& old, const store::SavedBase& base,
               const Snapshot& next);

  // --- finding out what the row is ---
  // How the row must be for a save to go over `snapshot`. Where that is not settled, its number
  // alone does not say so: after a rollback another's save has the same.
  static store::SavedBase base_of(const Snapshot& snapshot, bool settled);
  enum class Basis {
    row,    // there is one
    gone,   // it was ended
    never,  // the session itself made it, in a transaction that was rolled back
  };
  // The row was not as the session knew it. What others saved is merged into `session`, whose base
  // becomes the row. `settled`: its snapshot was the row; otherwise one of its states was. Where a
  // fresh key was rolled back, the session has the former key, and wants a fresh one.
  Basis rebase(Session& session, store::Connection& connection, bool settled);
  Fields merged(const Snapshot& base, const Snapshot& theirs, const Fields& mine) const;
  // The row under the newest of `states` that has one; the newer ones are taken off, and none below
  // `lowest` is looked for.
  std::optional<Snapshot> find_row(std::vector<SessionAccess::Former>& states, std::size_t lowest,
                                   store::Connection& connection);
  bool never_was(const std::vector<SessionAccess::Former>& states, store::Connection& connection);
  // What a touch goes out from: the snapshot, or, where that is not settled, the row.
  std::optional<Loaded> known_row(Session& session, store::Connection& connection);
  // Whether nobody was signed in when the session was loaded or last saved, nor in a state before
  // that may be the row's again.
  bool is_visitors(const Session& session) const;

  // --- ending, looking, upkeep ---
  // Puts this moment and the site's timeouts into a filter.
  void complete(store::SessionFilter& filter) const;
  std::int64_t revoke_batch(const store::SessionFilter& filter, const RevokeOptions& options);
  void for_each_batch(const store::SessionFilter& filter, int size,
                      const std::function<void(const store::SessionFilter&)>& revoke);
  PurgeReport what_would_be_purged();
  std::int64_t purge_batch(int batch_size);
  std::int64_t purge_history_batch(int batch_size);

  // --- announcing ---
  // What the observer is to be told once it is committed; empty where it wants nothing.
  struct News {
    std::optional<Started> started{};
    std::optional<ClientChanged> changed{};
    std::vector<Ended> ended{};
    bool empty() const { return !started && !changed && ended.empty(); }
  };
  // Of the save that makes `next` of what `session` was.
  News news_of(store::Connection& connection, const Session& session, const Snapshot& next) const;
  std::optional<ClientChanged> change_of(const Snapshot& before, const Snapshot& next) const;
  News end_of(const std::vector<store::RemovedSession>& removed, store::Reason reason,
              std::string_view actor) const;
  void look_at_device(store::Connection& connection, Started& started) const;
  std::vector<Client> known_clients(store::Connection& connection, const UserId& user) const;
  void hand_over(const News& news) const;

  // --- telling the cache, and then the observer ---
  // Before a save: in which epoch; nothing where the save must also go into the feed.
  std::optional<Epoch> announce(const SessionId& id, std::int64_t version);
  // After one. `announced`: in which epoch it was; none for a new row. Each takes the connection,
  // so that nobody waits for it while the cache is told; inside a transaction of somebody else the
  // telling waits for its commit, which the answer is about.
  Commit tell_saved(store::Database::Lease connection, const Snapshot& snapshot, News news,
                    std::optional<Epoch> announced);
  Commit tell_touched(store::Database::Lease connection, const Snapshot& snapshot,
                      SessionAccess::Sight sight, News news);
  Commit tell_ended(store::Database::Lease connection, std::vector<SessionId> ids, News news);
  // A copy was put so late that a tombstone may have come, and been evicted, meanwhile: looks at
  // the row again, and takes the copy back where the row is another or gone.
  void check_late_copy(Epoch epoch, const Snapshot& copy);
  // What is known of a row that was just written.
  SessionAccess::Sight sight_now() const { return {feed ? feed->last_epoch() : 0, clock.now()}; }

 private:
  Commit tell_observer(store::Database::Lease connection, News news);
  Commit tell(store::Database::Lease connection, std::function<void()> what);
};

}  // namespace innkeeper::engine
