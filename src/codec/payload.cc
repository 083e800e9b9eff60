#include "codec/payload.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/error.h"
#include "codec/base62.h"
#include "codec/zlib_stream.h"

namespace innkeeper::codec {

namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// [.]content ":" time ":" signature
struct Parts {
  std::string_view signed_part;  // everything before the last colon
  std::string_view content;      // without the dot
  std::string_view signature;
  bool compressed;
};

std::optional<Parts> split(std::string_view text) {
  const std::size_t last = text.rfind(':');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t middle = text.rfind(':', last - 1);
  if (middle == std::string_view::npos) return std::nullopt;
  if (!is_base62(text.substr(middle + 1, last - middle - 1))) return std::nullopt;
  const std::string_view signature = text.substr(last + 1);
  const bool compressed = text.starts_with('.');
  const std::size_t begin = compressed ? 1 : 0;
  return Parts{text.substr(0, last), text.substr(begin, middle - begin), signature, compressed};
}

std::string signature_of(const HmacSha256& signer, std::string_view message) {
  return base64_encode(as_text(signer.sign(message)), Base64::url);
}

// Looked at only once the signature is refused: one that is right is in its alphabet.
PayloadError reason_of_refusal(std::string_view signature) {
  const bool foreign = signature.find_first_not_of(base64_digits) != std::string_view::npos;
  return foreign ? PayloadError::malformed : PayloadError::bad_signature;
}

HmacSha256 signer_for(const Secret& key, std::string_view salt, std::string_view setting) {
  constexpr std::string_view purpose = "signer";
  if (key.empty()) {
    throw ConfigError(std::string(setting) + " is empty: set it to a long random text");
  }
  std::string joined;
  joined.reserve(salt.size() + purpose.size() + key.size());  // so that no copy is left behind
  joined.append(salt).append(purpose).append(key.reveal());
  const Secret material(std::move(joined));
  Sha256Digest digest = sha256(material.reveal());
  HmacSha256 signer(as_text(digest));
  digest.fill(0);
  return signer;
}

PayloadError payload_error(InflateError error) {
  return error == InflateError::too_large ? PayloadError::inflates_too_large
                                          : PayloadError::bad_compression;
}

std::string too_much(std::string_view what, std::size_t size, std::size_t limit) {
  return "a session's " + std::string(what) + " has " + std::to_string(size) +
         " bytes, more than the limit of " + std::to_string(limit) + ": keep less in the session";
}

}  // namespace

std::string_view describe(PayloadError error) {
  switch (error) {
    case PayloadError::too_large:
      return "the signed text is longer than the limit";
    case PayloadError::malformed:
      return "the text has not the form of a signed payload";
    case PayloadError::bad_signature:
      return "no key verifies the signature";
    case PayloadError::bad_compression:
      return "the signed bytes do not inflate";
    case PayloadError::inflates_too_large:
      return "the signed bytes inflate beyond the limit";
  }
  return "unknown";
}

PayloadCodec::PayloadCodec(const PayloadKeys& keys, PayloadLimits limits) : m_limits(limits) {
  m_signers.push_back(signer_for(keys.secret_key, keys.salt, "SECRET_KEY"));
  for (const Secret& fallback : keys.fallbacks) {
    m_signers.push_back(signer_for(fallback, keys.salt, "an entry of SECRET_KEY_FALLBACKS"));
  }
}

Result<std::string, PayloadError> PayloadCodec::decode(std::string_view signed_text) const {
  if (signed_text.size() > m_limits.signed_bytes) return failure(PayloadError::too_large);
  const auto parts = split(signed_text);
  if (!parts) return failure(PayloadError::malformed);
  const bool verified =
      std::any_of(m_signers.begin(), m_signers.end(), [&](const HmacSha256& signer) {
        return equal_in_constant_time(signature_of(signer, parts->signed_part), parts->signature);
      });
  if (!verified) return failure(reason_of_refusal(parts->signature));
  auto content = base64_decode(parts->content, Base64::url);
  if (!content) return failure(PayloadError::malformed);
  if (!parts->compressed) {
    if (content->size() > m_limits.content_bytes) return failure(PayloadError::too_large);
    return std::move(*content);
  }
  auto inflated = inflate_bounded(*content, m_limits.content_bytes);
  if (!inflated) return failure(payload_error(inflated.error()));
  return std::move(*inflated);
}

std::string PayloadCodec::encode(std::string_view content, Time now) const {
  if (content.size() > m_limits.content_bytes) {
    throw Error(too_much("content", content.size(), m_limits.content_bytes));
  }
  // Django compresses where the result is shorter by more than one byte: the dot takes one.
  const auto compressed = deflate_below(content, content.empty() ? 0 : content.size() - 1);
  std::string text = compressed ? "." : "";
  text += base64_encode(compressed ? std::string_view(*compressed) : content, Base64::url);
  text += ':';
  text += base62_encode(std::chrono::floor<Seconds>(now).time_since_epoch().count());
  const std::string signature = signature_of(m_signers.front(), text);
  text.append(":").append(signature);
  if (text.size() > m_limits.signed_bytes) {
    throw Error(too_much("signed text", text.size(), m_limits.signed_bytes));
  }
  return text;
}

}  // namespace innkeeper::codec
