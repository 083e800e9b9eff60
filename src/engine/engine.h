// What one does with sessions. The six rules of docs/architecture.md are kept here, once, for every
// program.
//
// The engine does no I/O of its own: it speaks to a store::Database and, where there is one, a
// cache::Cache. It is thread-safe and holds no lock across a call to either. Calls throw StoreError
// where the database cannot answer; a cache that cannot answer is gone on without.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "cache/cache.h"
#include "engine/observer.h"
#include "engine/session.h"
#include "engine/settings.h"
#include "store/connection.h"
#include "store/ended_table.h"
#include "store/session_table.h"

namespace innkeeper::engine {

enum class Saved {
  created,  // a new row under a fresh key
  updated,  // the row that was loaded
  merged,   // another request had saved meanwhile: both changes are in
  ended,    // the session was ended meanwhile: nothing was written, and nothing may bring it back
};

struct RevokeOptions {
  std::string actor{};  // "user 42", "command": for the history
  store::Reason reason = store::Reason::revoked;
  bool dry_run = false;                          // count and list only
  int batch_size = 500;                          // rows in one transaction
  std::function<void(std::int64_t)> progress{};  // called after each batch with the number so far
};

struct PurgeOptions {
  // Rows in one transaction at most; fewer where they take over 25 ms, see batch_limit.h.
  int batch_size = 1000;
  std::optional<std::chrono::milliseconds> budget;  // stop after the batch in which this is over
  std::stop_token stop{};  // or in which this is asked for: what is left goes another time
  bool dry_run = false;
  std::function<void(std::int64_t)> progress{};
};
struct PurgeReport {
  std::int64_t sessions = 0;  // removed (or, in a dry run, to be removed)
  std::int64_t history = 0;   // rows of innkeeper_ended that were too old
  bool finished = true;       // nothing left; false where `budget` or `stop` ended it
};

// The places where a test may stop a thread or break something; null in life. See docs/testing.md.
using FaultPoint = std::function<void(std::string_view place)>;

class Engine {
 public:
  // `database`, `cache` (may be null), `clock`, `random` and `log` outlive the engine. Throws
  // ConfigError for settings that cannot be (an empty SECRET_KEY, a tombstone that a slow fill
  // outlives, …).
  Engine(Settings settings, store::Database& database, cache::Cache* cache, const Clock& clock,
         Random& random, Log& log);
  ~Engine();

  // --- one session
  // -------------------------------------------------------------------------------------------------

  // The session of a cookie's value: cache, else database. An empty new one for no cookie, junk, an
  // unknown, ended or expired key. A payload that does not verify is an empty session on its row,
  // and one line in the security log.
  Session open(std::optional<std::string_view> cookie);
  // The same from the cache alone, without waiting for anything: nothing where only the database
  // can tell.
  std::optional<Session> open_cached(std::string_view cookie);
  // By its public id, for pages and the API, past its end too: what is listed can be looked at. It
  // has no key, so it cannot be saved. Nothing where there is no such row.
  std::optional<Session> peek(const SessionId& id);

  // Writes a session. A new one gets a fresh key. `client` goes into a new row; an existing row's
  // is touch()'s. Conflicts are merged; after Saved::ended the session in hand is new and empty.
  // What was saved in a transaction of the host's that was rolled back is saved again: under a
  // fresh key where the key was changed there, as a new session where it was made there.
  Saved save(Session& session, const Client& client);
  // Notes that the session was used, by this client: at most once per activity_interval, whatever
  // changed. Returns whether it wrote. Waits for a busy writer for a moment only, where the driver
  // can, and leaves it alone for a few seconds after it met one. Unset members of `client` (no
  // address, empty text) never erase what the row has.
  bool touch(Session& session, const Client& client);
  // Gives the session a fresh key and keeps its data and its row's created_at; the old key opens
  // nothing any more. A visitor's session that was ended meanwhile, as by another sign-in from it,
  // brings nothing back, but its data goes on in a new one (Saved::created); a user's does not.
  Saved rotate_key(Session& session, const Client& client);
  // Of a cookie that opens nothing: whether its session was given a fresh key less than a minute
  // ago. Then the browser may have that by now, and an answer to a request that came with the old
  // one must not drop the cookie.
  bool was_rotated(std::string_view cookie);
  // Ends the session and empties it: the next save makes a new one.
  void flush(Session& session, store::Reason reason, std::string_view actor);

  // How the cookie should live: its Max-Age, or nothing for "until the browser closes".
  std::optional<Seconds> cookie_age(const Session& session) const;

  // --- ending
  // ------------------------------------------------------------------------------------------------------

  // Ends one session; whether there was one.
  bool revoke(const SessionId& id, const RevokeOptions& options);
  // Ends every session that matches, in batches; how many.
  std::int64_t revoke_all(store::SessionFilter filter, const RevokeOptions& options);

  // For a host that changes rows by statements of its own, as Django's QuerySets do. The triggers
  // have seen to it that every cache learns of an end within a second; these make this site's
  // learn of it at once. `rows_removed` says in the history why, in the transaction of the caller.
  void rows_removed(const std::vector<store::RemovedSession>& rows, store::Reason reason,
                    std::string_view actor);
  // The next reader of each asks the database, whatever was changed in its row.
  void rows_changed(std::vector<SessionId> ids);

  // --- looking
  // -----------------------------------------------------------------------------------------------------

  // `filter.now` and the timeouts are filled in here.
  store::SessionPage list(store::SessionFilter filter, const store::SessionPlace& place);
  // For the figures of a page: no more than `limit` rows are looked at, so `limit` means "at
  // least".
  std::int64_t count(store::SessionFilter filter, std::int64_t limit);
  store::EndedPage history(const store::EndedFilter& filter, std::optional<std::int64_t> below,
                           int limit);
  bool is_active(const store::SessionSummary& summary) const;
  // What tells the active rows from the others, for a host with statements of its own.
  std::vector<store::ActiveBound> active_bounds() const;
  Time ends_at(const store::SessionSummary& summary) const;

  // --- upkeep
  // ------------------------------------------------------------------------------------------------------

  // Removes what has ended, oldest first, in bounded batches, and history older than history_age.
  PurgeReport clear_expired(const PurgeOptions& options);
  // Follows the feed if the cache is due: one indexed read. A server calls it every feed_interval /
  // 2 from a thread of its own; without such a thread the first request after an interval does it.
  void follow_feed();

  const Settings& settings() const;
  const Clock& clock() const;
  store::Database& database() const;
  Log& log() const;

  // Null for nobody; outlives the engine. Before any other thread uses the engine.
  void set_observer(Observer* observer);
  void set_fault_point(FaultPoint point);  // for tests, before any other thread uses the engine

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper::engine
