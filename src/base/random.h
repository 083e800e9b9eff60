// Randomness, injected: the operating system's generator in life, a seeded one in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace innkeeper {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  // Fills `bytes`. Throws Error where the system gives none.
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// getrandom(2): fit for keys.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

// `length` characters drawn evenly (rejection sampling, no bias) from `alphabet` (2 to 256 distinct
// characters).
std::string random_text(Random& random, std::size_t length, std::string_view alphabet);

}  // namespace innkeeper
