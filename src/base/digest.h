// SHA-256 and HMAC-SHA256 over OpenSSL, the one place that calls it for digests.
//
// HmacSha256 keeps the state after the inner and the outer key block, so that a message costs two
// runs of the compression function less than a one-shot HMAC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace innkeeper {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest sha256(std::string_view message);

// Bytes of a digest as a view on characters (for base64, comparison); valid as long as the digest.
inline std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// RFC 2104 with SHA-256. Immutable after construction; thread-safe; cheap to copy (shares its key
// state).
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  Sha256Digest sign(std::string_view message) const;
  // The HMAC of both parts one after the other, without joining them.
  Sha256Digest sign(std::string_view first, std::string_view second) const;

 private:
  struct State;
  std::shared_ptr<const State> m_state;
};

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::string_view bytes);

}  // namespace innkeeper
