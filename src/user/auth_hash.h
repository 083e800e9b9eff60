// `_auth_user_hash`: what ties a session to the password that its user had when signing in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/secret.h"

namespace innkeeper::user {

enum class AuthHashCheck {
  matches,
  matches_fallback,  // one of SECRET_KEY_FALLBACKS made it: write the current one
  differs,
};

// Hex HMAC-SHA256 over the password column; its key is
// SHA-256("django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash" + SECRET_KEY).
// Source: AbstractBaseUser.get_session_auth_hash, django.utils.crypto.salted_hmac. Immutable;
// thread-safe.
class AuthHasher {
 public:
  AuthHasher(const Secret& secret_key, const std::vector<Secret>& fallbacks);
  std::string hash(const Secret& password_column) const;
  AuthHashCheck check(std::string_view hash_in_session, const Secret& password_column) const;

 private:
  std::vector<HmacSha256> m_signers;  // the current key's first
};

}  // namespace innkeeper::user
