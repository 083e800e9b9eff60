#include "user/password.h"

#include <algorithm>

#include "base/base64.h"
#include "user/password_format.h"

namespace innkeeper::user {

namespace {

constexpr std::string_view prefix = "pbkdf2_sha256$";
constexpr std::size_t salt_length = 22;  // 128 bits of 62 characters
constexpr std::string_view salt_alphabet =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

std::optional<Pbkdf2Hash> as_preferred(std::string_view encoded) {
  if (!encoded.starts_with(prefix)) return std::nullopt;
  return parse_pbkdf2(encoded.substr(prefix.size()));
}

void spend_iterations(const Secret& password, int iterations) {
  if (iterations > 0) pbkdf2_sha256(password, "a salt of no account..", iterations);
}

}  // namespace

PasswordCheck check_password(const Secret& password, const Secret& encoded,
                             const PasswordPolicy& policy) {
  const auto matches = matches_hash(password, encoded.reveal());
  if (!matches) {
    spend_password_time(password, policy);
    return PasswordCheck::differs;
  }
  const auto preferred = as_preferred(encoded.reveal());
  if (*matches) {
    if (!preferred) {
      return policy.rehash_other_algorithms ? PasswordCheck::matches_rehash
                                            : PasswordCheck::matches;
    }
    const bool weak =
        preferred->iterations < policy.pbkdf2_iterations || preferred->salt.size() < salt_length;
    return weak ? PasswordCheck::matches_rehash : PasswordCheck::matches;
  }
  // An old hash of few iterations would tell by its speed that the name exists.
  if (preferred) spend_iterations(password, policy.pbkdf2_iterations - preferred->iterations);
  return PasswordCheck::differs;
}

Secret hash_password(const Secret& password, const PasswordPolicy& policy, Random& random) {
  const std::string salt = random_text(random, salt_length, salt_alphabet);
  const Secret derived = pbkdf2_sha256(password, salt, policy.pbkdf2_iterations);
  return Secret(std::string(prefix) + std::to_string(policy.pbkdf2_iterations) + "$" + salt + "$" +
                base64_encode(derived.reveal(), Base64::standard));
}

bool is_usable(const Secret& encoded) {
  return !encoded.empty() && !encoded.reveal().starts_with('!');
}

Secret decoy_of(const Secret& encoded) {
  // No more than a digest of bcrypt, whose salt stands before it without a sign between.
  constexpr std::size_t most = 31;
  std::string text(encoded.reveal());
  const std::size_t dollar = text.rfind('$');
  const std::size_t digest = text.size() - (dollar == text.npos ? text.size() : dollar + 1);
  const std::size_t changed = std::min(digest, most);
  text.replace(text.size() - changed, changed, changed, 'A');
  return Secret(std::move(text));
}

void spend_password_time(const Secret& password, const PasswordPolicy& policy) {
  spend_iterations(password, policy.pbkdf2_iterations);
}

}  // namespace innkeeper::user
