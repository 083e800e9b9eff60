// The statements of innkeeper_ended: the history that pages show and the feed that every cache
// follows.
//
// Triggers write a row for every removal of a live session and for every shortening of its life,
// whoever did it, with reason `removed` or `shortened` and no actor. The engine then says in the
// same transaction what it was.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "session/key.h"
#include "session/record.h"
#include "store/connection.h"

namespace innkeeper::store {

using session::SessionId;
using session::UserId;

// Why a session ended; the words of the column `reason`.
enum class Reason {
  signed_out,  // by its own user, in it
  revoked,     // by its user from elsewhere, by staff or a command
  expired,     // purged after its end
  shortened,   // its expire_date was moved to an earlier time
  removed,     // the row went by other means: SQL, a cascade, a QuerySet
  changed,     // its key was rotated, or its payload saved where a cache may not have heard of it:
               // for the feed alone, never shown as history
};
std::string_view to_string(Reason reason);  // "signed out", "revoked", …
std::optional<Reason> parse_reason(std::string_view text);

struct EndedRecord {
  std::int64_t id = 0;
  SessionId session_key;
  std::optional<UserId> user_id;
  session::Client client;  // without client_hints
  std::optional<Time> created_at;
  Time ended_at;
  Reason reason = Reason::removed;
  std::string actor;  // "user 42", "command", empty where nobody said
};

// Ids of the feed from `first` to `last`, both included.
struct FeedRange {
  std::int64_t first = 0, last = 0;
  bool operator==(const FeedRange&) const = default;
};
struct FeedRow {
  std::int64_t id = 0;
  SessionId session_key;
  Reason reason = Reason::removed;
};

struct EndedFilter {
  std::optional<UserId> user_id;
  std::optional<SessionId> session_key;
};
struct EndedPage {
  std::vector<EndedRecord> records;  // newest first; without `changed`
  std::optional<std::int64_t> next;  // continue with ids below this; nothing on the last page
};

class EndedTable {
 public:
  EndedTable(Connection& connection, KeyType user_key)
      : m_connection(connection), m_user_key(user_key) {}

  // Says why and by whom the sessions were ended whose rows the triggers wrote in this transaction:
  // sets reason and actor of their newest `removed` rows.
  void explain(std::span<const SessionId> ids, Reason reason, std::string_view actor);
  // A row for the feed alone (Reason::changed).
  void note_changed(const SessionId& id, Time now);
  // Removes such rows of before `moment`: a later one says as much.
  void forget_changes(const SessionId& id, Time moment);

  // The rows of the feed with an id above `after` or in one of `gaps`, in order of id, at most
  // `limit`. One indexed read.
  std::vector<FeedRow> feed(std::int64_t after, std::span<const FeedRange> gaps, int limit);
  // The lowest and highest id there are; nothing in an empty table.
  std::optional<FeedRange> extent();
  // The highest id among rows that ended before `moment`; 0 where there is none. Where the walk of
  // a new cache starts.
  std::int64_t last_before(Time moment);

  // The User-Agents of a user's ended sessions, each once, at most `limit`.
  std::vector<std::string> user_agents_of(const UserId& user, int limit);

  // Whether anything is known of the session by now, `changed` included; also in a transaction that
  // sees an older state.
  bool has(const SessionId& id);
  // Whether the last that happened to it is Reason::changed, after `moment`. Where there is no such
  // session, it was given a fresh key then.
  bool changed_last(const SessionId& id, Time moment);

  EndedPage history(const EndedFilter& filter, std::optional<std::int64_t> below, int limit);
  std::int64_t count_before(Time moment);
  // Removes up to `limit` rows that ended before `moment`; returns how many. The newest row of all
  // stays, so that the ids never seem to begin anew, but says nothing of anybody: it is left to the
  // feed (Reason::changed), and counts where it said something.
  std::int64_t purge(Time moment, int limit);

 private:
  bool strip(std::int64_t id, Time moment);
  void by_ids(const std::string& update, const std::string& select, std::vector<Value> values);

  Connection& m_connection;
  KeyType m_user_key;
};

}  // namespace innkeeper::store
