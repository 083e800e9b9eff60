// One password against one hash, in each of Django's formats: the part of password.h that knows
// their layouts.
//
// A hash comes from a database that another program may have written: what it asks for (iterations,
// memory) is bounded here before anything is computed. Source of the formats:
// django.contrib.auth.hashers of 5.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace innkeeper::user {

// Upper bounds of what a stored hash may cost; about ten times Django's defaults, and seconds at
// most.
inline constexpr std::uint64_t most_pbkdf2_iterations = 10'000'000;
inline constexpr std::uint64_t most_memory = std::uint64_t{512} << 20;  // argon2, scrypt; bytes
inline constexpr std::uint64_t most_work = std::uint64_t{2}
                                           << 30;        // bytes written: memory times passes
inline constexpr std::uint64_t most_bcrypt_rounds = 16;  // as a power of two

// `algorithm$iterations$salt$hash`, views into the column.
struct Pbkdf2Hash {
  int iterations;
  std::string_view salt;
  std::string_view hash;
};
std::optional<Pbkdf2Hash> parse_pbkdf2(std::string_view rest);

// 32 bytes of PBKDF2 with HMAC-SHA256 (RFC 8018), over a prepared key state: twice as fast as
// OpenSSL's.
Secret pbkdf2_sha256(const Secret& password, std::string_view salt, int iterations);

// Whether the password matches `encoded`; nothing where the hash is unknown, broken or beyond the
// bounds, and no time was spent.
std::optional<bool> matches_hash(const Secret& password, std::string_view encoded);

}  // namespace innkeeper::user
