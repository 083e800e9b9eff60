// Randomness that a seed repeats: for tests only.
#pragma once

#include <mutex>
#include <random>

#include "base/random.h"

namespace innkeeper::test {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : m_generator(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    const std::lock_guard lock(m_mutex);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(m_generator());
  }

 private:
  std::mutex m_mutex;
  std::mt19937_64 m_generator;
};

}  // namespace innkeeper::test
