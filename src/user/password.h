// Password hashes in every format that Django writes (docs/formats.md): pbkdf2_sha256, pbkdf2_sha1,
// argon2id, bcrypt_sha256, bcrypt, scrypt. Slow by design: call on a worker, never on an I/O
// thread. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/secret.h"

namespace innkeeper::user {

// What a new hash is made with: Django 5.2's default.
struct PasswordPolicy {
  int pbkdf2_iterations = 1000000;
  // PASSWORD_REHASH: whether a hash of another algorithm is replaced by one of PBKDF2. A site whose
  // Django prefers another (PASSWORD_HASHERS) must leave it off: else the two programs rewrite each
  // other's, and every new hash ends the user's other sessions
  // (docs/decisions/0012-rehashing.md).
  bool rehash_other_algorithms = false;
};

enum class PasswordCheck {
  matches,
  matches_rehash,  // it matches, and the hash is weaker than the policy, or of another algorithm
                   // where those are replaced: store a new one
  differs,         // also for unusable ("!…"), unknown and broken hashes
};

// Checks `password` (UTF-8) against `encoded`. A broken or unusable hash costs as much time as a
// real one, and so does one that asks for more memory or time than any site would
// (password_format.h): it never matches.
PasswordCheck check_password(const Secret& password, const Secret& encoded,
                             const PasswordPolicy& policy);

// `pbkdf2_sha256$iterations$salt$base64` with a fresh salt of 22 characters.
Secret hash_password(const Secret& password, const PasswordPolicy& policy, Random& random);

// Whether the column holds a hash at all: "!…" and an empty one never match.
bool is_usable(const Secret& encoded);
// The same hash with another digest: checking it costs as much, and no password matches it.
Secret decoy_of(const Secret& encoded);

// Spends the time of one check where there is no user, so that names cannot be guessed by the
// clock.
void spend_password_time(const Secret& password, const PasswordPolicy& policy);

}  // namespace innkeeper::user
