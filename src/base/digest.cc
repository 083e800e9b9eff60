// OpenSSL 3 marks the SHA256_* calls deprecated in favour of EVP, whose context costs a fetch and
// an allocation for every message. They are what lets a key state be prepared once and copied on
// the stack.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <cstring>

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace innkeeper {

namespace {
constexpr std::size_t block_size = 64;

Sha256Digest finish(SHA256_CTX& context) {
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}
}  // namespace

struct HmacSha256::State {
  SHA256_CTX inner;
  SHA256_CTX outer;
  ~State() { OPENSSL_cleanse(this, sizeof *this); }
};

Sha256Digest sha256(std::string_view message) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, message.data(), message.size());
  return finish(context);
}

HmacSha256::HmacSha256(std::string_view key) {
  std::array<std::uint8_t, block_size> block{};
  if (key.size() > block_size) {
    const Sha256Digest digest = sha256(key);
    std::memcpy(block.data(), digest.data(), digest.size());
  } else if (!key.empty()) {
    std::memcpy(block.data(), key.data(), key.size());
  }
  auto state = std::make_shared<State>();
  SHA256_Init(&state->inner);
  SHA256_Init(&state->outer);
  for (auto& byte : block) byte ^= 0x36;
  SHA256_Update(&state->inner, block.data(), block.size());
  for (auto& byte : block) byte ^= 0x36 ^ 0x5c;
  SHA256_Update(&state->outer, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  m_state = std::move(state);
}

Sha256Digest HmacSha256::sign(std::string_view message) const { return sign(message, {}); }

Sha256Digest HmacSha256::sign(std::string_view first, std::string_view second) const {
  SHA256_CTX context = m_state->inner;
  SHA256_Update(&context, first.data(), first.size());
  SHA256_Update(&context, second.data(), second.size());
  const Sha256Digest inner = finish(context);
  context = m_state->outer;
  SHA256_Update(&context, inner.data(), inner.size());
  return finish(context);
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex(bytes.size() * 2, '\0');
  char* to = hex.data();
  for (const char byte : bytes) {
    *to++ = digits[static_cast<std::uint8_t>(byte) >> 4];
    *to++ = digits[static_cast<std::uint8_t>(byte) & 15];
  }
  return hex;
}

}  // namespace innkeeper
