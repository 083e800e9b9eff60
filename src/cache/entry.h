// The format of what Innkeeper puts in a cache: stamped, dated, authenticated, without the
// session's key.
//
//     stamp (16) ‖ format (1) ‖ kind (1) ‖ expires, µs since 1970, big-endian (8) ‖ body ‖ MAC (16)
//
// The stamp's bytes compare as entries' ages do: version, big-endian (8) ‖ order, big-endian (8).
// The MAC is the first half of HMAC-SHA256 over the cache key and all before it, its key derived
// from SECRET_KEY (and fallbacks are tried in reading). Source of truth for docs/formats.md.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/secret.h"

namespace innkeeper::cache {

inline constexpr std::size_t stamp_size = 16;

struct Stamp {
  std::uint64_t version = 0;  // of the session's row; the greatest for a tombstone
  std::uint64_t order =
      0;  // among entries of one version: the later wins (its last_activity in µs)
  auto operator<=>(const Stamp&) const = default;
};
inline constexpr Stamp newest_stamp{std::numeric_limits<std::uint64_t>::max(), 0};

// The 16 bytes at the start of every value.
std::array<char, stamp_size> stamp_bytes(Stamp stamp);
// Nothing where the value is shorter.
std::optional<Stamp> stamp_of(std::string_view value);

enum class EntryKind : std::uint8_t {
  session = 1,    // body: the session's row and payload
  tombstone = 2,  // "do not believe a cache about this session, ask the database"; no body
  feed = 3,       // body: how far this cache has followed the feed of ended sessions
};

struct Entry {
  EntryKind kind = EntryKind::session;
  Stamp stamp;
  Time expires;  // after this the entry is absent, whatever the cache says
  std::string body;
};

// Seals and opens entries. Immutable; thread-safe.
class EntrySealer {
 public:
  EntrySealer(const Secret& secret_key, const std::vector<Secret>& fallbacks);
  std::string seal(std::string_view key, const Entry& entry) const;

  enum class Refusal { malformed, other_format, forged, expired };
  // As seal's reverse; `body` of the result is a copy. `forged` deserves a line in the security
  // log.
  struct Opened {
    std::optional<Entry> entry;
    Refusal refusal{};  // where there is none
  };
  Opened open(std::string_view key, std::string_view value, Time now) const;

 private:
  std::vector<HmacSha256> m_signers;
};

}  // namespace innkeeper::cache
