// A session in hand: what a request reads and changes before it is saved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/fields.h"
#include "engine/commit.h"
#include "session/key.h"
#include "session/record.h"

namespace innkeeper::engine {

using session::Client;
using session::SessionId;
using session::SessionKey;
using session::UserId;

// The row that a session was loaded from or saved to, with its payload unpacked: the base of the
// next save.
struct Snapshot {
  SessionId id;
  std::string content{};  // the payload's bytes (JSON, or the opaque bytes of another serializer)
  Time expire_date{};
  std::optional<UserId> user_id{};
  Client client{};
  Time created_at{}, updated_at{}, last_activity{};
  std::int64_t version = 0;
};

// Owned by one request, used by one thread at a time; copying is cheap enough for tests only.
// Values are JSON texts (codec/json.h makes and reads them); names are canonical, see Field.
class Session {
 public:
  Session() = default;  // new and empty: saving it makes a row and a key

  // Whether there is a row. A key that opened nothing is forgotten: a save issues a fresh one.
  bool exists() const { return m_snapshot.has_value(); }
  const std::optional<SessionKey>& key() const { return m_key; }
  const std::optional<Snapshot>& snapshot() const { return m_snapshot; }
  // Under which ids the row may stand: none or one, and more where it was given a fresh key in a
  // transaction of the host's that is not known to be committed.
  std::vector<SessionId> ids() const;

  bool empty() const { return members().empty(); }
  const Fields& fields() const { return members(); }
  const std::string* get(std::string_view name) const { return find(members(), name); }
  void set(std::string_view name, std::string json);
  void remove(std::string_view name);
  void clear();  // drops every member, keeps the row

  // For a host that holds the members as objects of its own (Django's SessionBase) and hands all of
  // them over before a save. `json` is the text of an object; false where it is not, and nothing
  // changes. What another request saved meanwhile is merged as ever: the base stays the row.
  [[nodiscard]] bool replace(std::string_view json);
  // The same for another serializer (Serializer::opaque): `content` are the bytes to sign. Of what
  // is in them the engine learns `known` alone, an object with `_auth_user_id` and
  // `_session_expiry` as far as there are such; without this call a save keeps the row's bytes.
  [[nodiscard]] bool replace_opaque(std::string content, std::string_view known);

  // Whether the next save gives the session a fresh key: the one that it was given was rolled back.
  bool wants_fresh_key() const { return m_wants_fresh_key; }

  // Whether there is a row whose payload was refused (forged, or no JSON object): it looks empty,
  // and what it holds may be good again once a forgotten fallback key is back.
  bool refused() const { return m_snapshot && m_snapshot->content.empty(); }

  // For a host with a rule of its own (a date without an offset, which it reads in its time zone;
  // an age that a class of Django's decides): the next save writes this date, whatever the payload
  // says.
  void expire_at(Time date) { m_expire_at = date; }

  bool modified() const { return m_modified; }  // it must be saved
  void mark_modified() { m_modified = true; }

  // `_session_expiry`: seconds, 0 for "until the browser closes", nothing for the site's default.
  void set_expiry(std::optional<std::int64_t> seconds);

 private:
  friend class Engine;
  friend struct SessionAccess;  // the engine's own sources
  // The life of the cache, and the moment, in which the snapshot was known to be the row.
  struct Sight {
    std::uint64_t epoch = 0;
    Time at{};
  };
  // A snapshot that was the row's before, and is again if what came after it is rolled back.
  struct Former {
    std::optional<SessionKey> key;
    Snapshot snapshot;
    Commit commit;
    bool start_untold;
  };
  // The members, read from the snapshot's content when they are first wanted: a host that holds
  // them itself never asks.
  Fields& members() const;

  std::optional<SessionKey> m_key;
  std::optional<Snapshot> m_snapshot;
  Sight m_sight;
  Commit m_commit;                 // of the snapshot
  std::vector<Former> m_former{};  // oldest first; none where the snapshot is committed
  mutable Fields m_fields;
  mutable bool m_unread = false;          // m_fields is still to be read
  std::optional<std::string> m_opaque{};  // what replace_opaque was given
  std::optional<Time> m_expire_at{};      // what expire_at was given, until it is saved
  bool m_wants_fresh_key = false;
  bool m_start_untold = false;  // made by a rotation: the next save tells of it (observer.h)
  bool m_modified = false;
};

}  // namespace innkeeper::engine
