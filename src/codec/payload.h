// The signed text in the column session_data, as Django's signing.dumps(…, compress=True) writes
// it:
//
//     [.] base64url( json | zlib(json) ) ":" base62(unix seconds) ":" base64url(HMAC-SHA256)
//
// The leading dot says "compressed". The HMAC covers everything before the last colon, with the key
// SHA-256(salt + "signer" + SECRET_KEY). Source: django/core/signing.py (4.2 to 6.1);
// docs/formats.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/secret.h"

namespace innkeeper::codec {

// Why a signed text is refused. None of them is more than "an empty session" to a user.
enum class PayloadError {
  too_large,        // longer than the limit, before anything else is looked at
  malformed,        // not three parts, or a part is not in its alphabet (the content's: once it is
                    // verified)
  bad_signature,    // no key verifies it
  bad_compression,  // the signed bytes do not inflate
  inflates_too_large,  // they inflate beyond the limit
};
std::string_view describe(PayloadError error);

// Django's salt for contrib, qsessions and jazzband; django-user-sessions-ng has another.
inline constexpr std::string_view django_salt = "django.contrib.sessions.SessionStore";
inline constexpr std::string_view user_sessions_ng_salt = "django_user_sessions_ng.SessionStore";

struct PayloadLimits {
  std::size_t signed_bytes = 4u << 20;    // of the text in the column
  std::size_t content_bytes = 16u << 20;  // of what it inflates to
};

struct PayloadKeys {
  Secret secret_key;              // SECRET_KEY; must not be empty
  std::vector<Secret> fallbacks;  // SECRET_KEY_FALLBACKS, newest first
  std::string salt{django_salt};
};

// Signs and verifies with prepared key states. Immutable; thread-safe.
class PayloadCodec {
 public:
  // Throws ConfigError where the secret key or a fallback is empty: anybody could sign with that.
  explicit PayloadCodec(const PayloadKeys& keys, PayloadLimits limits = {});

  // The bytes that were signed (JSON for Django's default serializer; opaque for others), inflated
  // where due. Signatures are compared in constant time, the current key first.
  Result<std::string, PayloadError> decode(std::string_view signed_text) const;

  // Signs `content` with the current key at `now` (whole seconds are kept). Compresses (zlib level
  // 6) only where that is shorter than the content by more than one byte: the bytes that Django
  // writes. Throws Error where decode() would refuse the result for its size.
  std::string encode(std::string_view content, Time now) const;

 private:
  std::vector<HmacSha256> m_signers;  // the current key's first
  PayloadLimits m_limits;
};

}  // namespace innkeeper::codec
