#include "base/random.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/random.h>

#include "base/error.h"

namespace innkeeper {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Error(std::string("the system gives no random numbers: ") + std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

std::string random_text(Random& random, std::size_t length, std::string_view alphabet) {
  const std::size_t limit = 256 - 256 % alphabet.size();
  std::array<std::uint8_t, 64> pool{};
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    random.fill(pool);
    for (const std::uint8_t byte : pool) {
      if (byte < limit && text.size() < length) text += alphabet[byte % alphabet.size()];
    }
  }
  return text;
}

}  // namespace innkeeper
