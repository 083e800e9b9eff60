#include "base/random.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

// Counts up: every byte value comes equally often.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = m_next++;
  }

 private:
  std::uint8_t m_next = 0;
};

TEST(RandomText, DrawsEvenlyFromItsAlphabet) {
  CountingRandom random;
  const std::string text = random_text(random, 252 * 4, "abcdefghijklmnopqrstuvwxyz0123456789");
  std::map<char, int> counts;
  for (const char c : text) ++counts[c];
  EXPECT_EQ(counts.size(), 36u);
  for (const auto& [character, count] : counts)
    EXPECT_EQ(count, 28) << character;  // a modulo bias would favour 'a' to 'd'
}

TEST(SystemRandom, FillsEverything) {
  SystemRandom random;
  std::array<std::uint8_t, 4096> first{}, second{};
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_LT(std::count(first.begin(), first.end(), 0), 100);
}

}  // namespace
}  // namespace innkeeper
