// A snapshot as bytes: the body of a session's entry in the cache.
//
// Fixed-width integers are big-endian; a text is its length (4 bytes) and its bytes. In order:
// version, expire_date, created_at, updated_at, last_activity (8 bytes each, microseconds since
// 1970), then a byte of flags (1: has a user, 2: has an address), the address (16 bytes), user id,
// User-Agent, client hints, content. See docs/formats.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/session.h"

namespace innkeeper::engine {

std::string pack_snapshot(const Snapshot& snapshot);

// Nothing where the bytes are not exactly that. They were authenticated before, so this only
// happens after a fault.
std::optional<Snapshot> unpack_snapshot(const SessionId& id, std::string_view bytes);

}  // namespace innkeeper::engine
