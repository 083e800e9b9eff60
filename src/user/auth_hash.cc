#include "user/auth_hash.h"

#include <cstddef>

namespace innkeeper::user {

namespace {

HmacSha256 signer_for(const Secret& secret_key) {
  const Secret material("django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash" +
                        std::string(secret_key.reveal()));
  return HmacSha256(as_text(sha256(material.reveal())));
}

std::string hash_by(const HmacSha256& signer, const Secret& password_column) {
  return to_hex(as_text(signer.sign(password_column.reveal())));
}

}  // namespace

AuthHasher::AuthHasher(const Secret& secret_key, const std::vector<Secret>& fallbacks) {
  m_signers.push_back(signer_for(secret_key));
  for (const Secret& fallback : fallbacks) m_signers.push_back(signer_for(fallback));
}

std::string AuthHasher::hash(const Secret& password_column) const {
  return hash_by(m_signers.front(), password_column);
}

AuthHashCheck AuthHasher::check(std::string_view hash_in_session,
                                const Secret& password_column) const {
  for (std::size_t i = 0; i < m_signers.size(); ++i) {
    if (!equal_in_constant_time(hash_by(m_signers[i], password_column), hash_in_session)) continue;
    return i == 0 ? AuthHashCheck::matches : AuthHashCheck::matches_fallback;
  }
  return AuthHashCheck::differs;
}

}  // namespace innkeeper::user
