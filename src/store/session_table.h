// The statements of innkeeper_session. Each call is one statement unless it says more; no rule
// lives here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "session/key.h"
#include "session/record.h"
#include "store/connection.h"

namespace innkeeper::store {

using session::SessionId;
using session::SessionRecord;
using session::UserId;

// Which sessions: every condition that is set must hold.
struct SessionFilter {
  enum class Validity { any, active, expired };
  enum class Owner { any, signed_in, visitor };
  Validity validity = Validity::any;  // against `now` and the timeouts
  Owner owner = Owner::any;
  std::optional<UserId> user_id;
  std::vector<UserId> user_ids;      // any of these, where not empty (a search by name found them)
  std::optional<IpNetwork> network;  // sessions without an address never match
  std::optional<SessionId> only;     // this one
  std::vector<SessionId> among;      // any of these, where not empty
  std::vector<SessionId> except;     // none of these
  Time now;                          // the moment `validity` speaks of
  std::optional<Seconds> idle_timeout, absolute_timeout;  // as in ExpiryPolicy, for `validity`
};

// A session is active while each of these columns is later than its moment, and expired as soon as
// one is not.
struct ActiveBound {
  std::string_view column;  // "expire_date", "last_activity", "created_at"
  Time moment;
};
// Those of `filter.now` and the timeouts; never empty.
std::vector<ActiveBound> active_bounds(const SessionFilter& filter);

// A session whose row went, and whose it was.
struct RemovedSession {
  SessionId id;
  std::optional<UserId> user_id;
};

// A place in a list, which is ordered newest first by (last_activity, session_key), or, where only
// expired sessions are listed, by (expire_date, session_key): both are indexed, so a page costs the
// same in a table of any size.
struct SessionCursor {
  Time position;  // last_activity or expire_date
  SessionId id;
};

// What a list shows of a session: everything but the payload.
struct SessionSummary {
  SessionId id;
  std::optional<UserId> user_id;
  session::Client client;
  Time created_at, updated_at, last_activity, expire_date;
};

// Which part of a list is wanted.
struct SessionPlace {
  int size = 100;                         // sessions, at most
  std::optional<SessionCursor> cursor{};  // those after it (before it, where `backwards`)
  bool backwards = false;
  // Rows to look at, at most, where the filter passes over some: whoever looks for few sessions
  // among millions gets what there is among these, and goes on from there.
  std::int64_t look_at = 20'000;  // at least 1
};

struct SessionPage {
  std::vector<SessionSummary> sessions;
  std::optional<SessionCursor> next;      // where the next page begins; nothing on the last page
  std::optional<SessionCursor> previous;  // where the one before ends; nothing on the first page
  // Set where enough rows were looked at before the page was full, which may be empty: the
  // position (as a cursor's) of the last of them. `next`, or `previous`, goes on there.
  std::optional<Time> looked_to;
};

// What a save goes out from. The version is the record's.
struct SavedBase {
  Time expire_date;  // an earlier one ends or shortens the session in SQL, which raises no version
  // Where the version alone does not say which save it is of (it may have been rolled back, and
  // given again to another): the moments of that save, and of the last use since.
  struct Moments {
    Time updated_at, last_activity;
  };
  std::optional<Moments> moments{};
};

class SessionTable {
 public:
  // `user_key` says how user ids are bound and read (a UUID is 32 hex digits in SQLite, for one).
  SessionTable(Connection& connection, KeyType user_key)
      : m_connection(connection), m_user_key(user_key) {}

  // The row whatever its expiry, or nothing.
  std::optional<SessionRecord> find(const SessionId& id);
  // The same for who is about to write the row: as it is now, also in a transaction that sees an
  // older state of it.
  std::optional<SessionRecord> find_latest(const SessionId& id);
  // The versions of those of `ids` that there are.
  std::vector<std::pair<SessionId, std::int64_t>> versions(std::span<const SessionId> ids);
  // Throws StoreError (constraint) where the id is taken.
  void insert(const SessionRecord& record);
  // Replaces payload, expire_date, user_id and updated_at, and raises the version by one, if the
  // row's version is `record.version` and the row still what `base` says: its expire_date and
  // last_activity not before, its updated_at the same. Returns whether it did: otherwise the row is
  // gone, newer or shortened.
  bool update(const SessionRecord& record, const std::optional<SavedBase>& base = {});
  // Writes client and last_activity, never moving last_activity back. `client` unset: only
  // last_activity. Returns whether the row is there. With `unless_after`, nothing is written (and
  // false returned) where the row was used after that moment: another request has touched it.
  bool touch(const SessionId& id, const std::optional<session::Client>& client, Time last_activity,
             std::optional<Time> unless_after = {});
  // Returns whether the row was there.
  bool remove(const SessionId& id);
  // Removes up to `limit` matching rows. Returns how many went, and adds them to `removed`, if
  // there is one (so that the caller can leave tombstones): without those whose key is no digest,
  // which somebody wrote there by hand and no cache knows. Two statements in MariaDB: call it in a
  // transaction.
  std::int64_t remove_some(const SessionFilter& filter, int limit,
                           std::vector<RemovedSession>* removed = nullptr);
  // Removes up to `limit` rows that have ended by `now` (by their expire_date, which a save puts no
  // later than the absolute timeout allows, or by the idle timeout), oldest first, without reading
  // a payload, and writes the signed-in ones into the history as `expired`. Returns how many went,
  // and adds them to `removed`, as above. Several statements: call it in a transaction.
  std::int64_t purge_expired(Time now, std::optional<Seconds> idle_timeout, int limit,
                             std::vector<RemovedSession>* removed = nullptr);
  // A page, newest first in either direction. Reads no payload, and no more than some
  // `place.look_at` rows: where an index leads to as few that may fit, they are sorted; else the
  // list is walked in its order. Rows whose key is no digest are left out. Up to five statements;
  // more where there are such rows.
  SessionPage list(const SessionFilter& filter, const SessionPlace& place);
  // The User-Agents and client hints of a user's sessions, each pair once, at most `limit`.
  std::vector<session::Client> clients_of(const UserId& user, int limit);
  // How many match, counting no further than `limit`.
  std::int64_t count(const SessionFilter& filter, std::int64_t limit);

 private:
  std::optional<SessionRecord> read(const SessionId& id, std::string_view how);
  Rows lock_batch(Time now, std::optional<Seconds> idle_timeout, int limit);
  std::int64_t purge_locked(Time now, std::optional<Seconds> idle_timeout, int limit,
                            std::vector<RemovedSession>* removed);

  Connection& m_connection;
  KeyType m_user_key;
};

}  // namespace innkeeper::store
