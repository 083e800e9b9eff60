// Who wants to know what happened to sessions.
//
// Told after the commit, never after a rollback, each thing once, by the thread that did it, which
// holds neither a lock nor a connection then. Only what this process does is told: what ends in
// another stands in the history.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "device/device.h"
#include "session/record.h"
#include "store/ended_table.h"

namespace innkeeper::engine {

// A session started: a visitor's row was made, or a user signed in (in a new session or in a
// visitor's). A session that a key rotation made is told of by the save that follows: only then it
// is known whose it is.
struct Started {
  session::SessionId id;
  std::optional<session::UserId> user_id;  // none: a visitor's
  session::Client client;
  // Of a user, where somebody asked (devices()): no session of the user's, present or in the
  // history, was used from a device with these names of browser, system and hardware. A client that
  // names nothing is never new.
  bool new_device = false;
  bool first_session = false;  // none of the user's is known at all
};

// A session is used from elsewhere or by something else (session::is_other_client).
struct ClientChanged {
  session::SessionId id;
  std::optional<session::UserId> user_id;
  session::Client before, now;
};

// A session's row went. A key rotation ends nothing.
struct Ended {
  session::SessionId id;
  std::optional<session::UserId> user_id;
  store::Reason reason = store::Reason::removed;
  std::string actor;  // "user 42", empty where nobody said
};

// Thread-safe. No call may throw.
class Observer {
 public:
  enum class Event { started, client_changed, ended };

  virtual ~Observer() = default;
  // Asked before anything is gathered for an event.
  virtual bool wants(Event event) = 0;
  // Null: nobody asks about new devices, and the database is not asked either.
  virtual const device::DeviceReader* devices() = 0;

  virtual void started(const Started& session) = 0;
  virtual void client_changed(const ClientChanged& change) = 0;
  virtual void ended(std::span<const Ended> sessions) = 0;
};

}  // namespace innkeeper::engine
