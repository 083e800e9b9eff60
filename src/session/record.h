// One row of innkeeper_session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ip_address.h"
#include "session/key.h"

namespace innkeeper::session {

// A user's primary key as text: "42", "6f1c1c36-6a0a-4a5e-9a67-0d1d6d1d2e3f" (with hyphens) or any
// text.
using UserId = std::string;

// What is known of the client that a session was last used from. Texts are UTF-8, at most 512
// bytes.
struct Client {
  static constexpr std::size_t text_limit = 512;
  std::optional<IpAddress> ip;
  std::string user_agent;
  std::string client_hints;  // the Sec-CH-UA-* headers that were given, see device/client_hints.h
  bool operator==(const Client&) const = default;
};

// Whether a session that `before` used is used by somebody else's hands, or from elsewhere, as far
// as one can tell: something that was known became something else. What was unknown (an address,
// the client hints that a browser sends from its second request on) and is known now is no change.
bool is_other_client(const Client& before, const Client& now);

struct SessionRecord {
  SessionId id;
  std::string data;  // the signed payload
  Time expire_date;
  std::optional<UserId> user_id;  // none for visitors
  Client client;
  Time created_at;
  Time updated_at;  // payload last saved
  Time last_activity;
  std::int64_t version = 1;  // rises by one with every save of the payload
};

// `text` cut to Client::text_limit bytes at a character's boundary, control characters and invalid
// UTF-8 replaced by '?': what a column takes from a header.
std::string column_text(std::string_view text);

}  // namespace innkeeper::session
