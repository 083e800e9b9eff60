#include "base/secret.h"

#include <fstream>

#include <openssl/crypto.h>

#include "base/error.h"

namespace innkeeper {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    m_text = other.m_text;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    m_text = other.m_text;
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  OPENSSL_cleanse(m_text.data(), m_text.size());
  m_text.clear();
}

Secret read_secret(const std::filesystem::path& file) {
  constexpr std::size_t limit = 64u << 10;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw FileError(file.string() + ": cannot be opened to read a secret from it");
  std::string text(limit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) throw FileError(file.string() + ": cannot be read");
  if (text.size() > limit) throw FileError(file.string() + ": too long for a secret (over 64 KiB)");
  const auto end = text.find_last_not_of(" \t\r\n");
  text.resize(end == std::string::npos ? 0 : end + 1);
  if (text.empty()) throw FileError(file.string() + ": holds no secret, it is empty");
  return Secret(std::move(text));
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace innkeeper
