// What every cache driver promises (src/cache/cache.h), as one suite. A driver joins with a
// factory:
//
//     INSTANTIATE_TEST_SUITE_P(Redis, CacheContract, testing::Values(&make_redis), …);
//
// See docs/drivers.md. Every test gets a fresh, empty cache.
#pragma once

#include <atomic>
#include <barrier>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "cache/cache.h"
#include "cache/entry.h"

namespace innkeeper::cache {

// A cache to try, and what stands around it.
class CacheOnTrial {
 public:
  virtual ~CacheOnTrial() = default;
  virtual Cache& cache() = 0;
  // The same data through another handle, as another part of the program would have it.
  virtual Cache& other_handle() = 0;
  // Lets this much time pass: by a manual clock where the driver takes one, else by waiting.
  virtual void let_pass(Seconds time) = 0;
};

using MakeCacheOnTrial = std::unique_ptr<CacheOnTrial> (*)();

class CacheContract : public testing::TestWithParam<MakeCacheOnTrial> {
 protected:
  std::unique_ptr<CacheOnTrial> m_trial = GetParam()();
  Cache& m_cache = m_trial->cache();

  static std::string stamped(std::uint64_t version, std::uint64_t order, const std::string& rest) {
    const auto stamp = stamp_bytes({version, order});
    return std::string(stamp.data(), stamp.size()) + rest;
  }
  static constexpr Seconds minute{60};
};

TEST_P(CacheContract, HasNothingToBeginWith) { EXPECT_EQ(m_cache.get("key"), std::nullopt); }

TEST_P(CacheContract, GivesBackTheBytesItWasGiven) {
  for (const std::string& value :
       {std::string("text"), std::string("\0nul\0", 5), std::string("\xff\xfe\r\n"),
        std::string(16, 'x'), std::string(5000, 'y'), std::string(100000, 'z')}) {
    m_cache.set("key", value, minute);
    EXPECT_EQ(m_cache.get("key"), value);
  }
}

TEST_P(CacheContract, TakesAnEmptyValue) {
  m_cache.set("key", "", minute);
  EXPECT_EQ(m_cache.get("key"), "");
}

TEST_P(CacheContract, KeepsKeysApart) {
  m_cache.set("key", "1", minute);
  m_cache.set("ke", "2", minute);
  m_cache.set("key2", "3", minute);
  m_cache.set("KEY", "4", minute);
  EXPECT_EQ(m_cache.get("key"), "1");
  EXPECT_EQ(m_cache.get("ke"), "2");
  EXPECT_EQ(m_cache.get("key2"), "3");
  EXPECT_EQ(m_cache.get("KEY"), "4");
}

TEST_P(CacheContract, TakesKeysOfEveryAllowedLengthAndCharacter) {
  for (std::size_t length = 1; length <= 200; ++length) {
    m_cache.set(std::string(length, 'k'), std::to_string(length), minute);
  }
  for (std::size_t length = 1; length <= 200; ++length) {
    EXPECT_EQ(m_cache.get(std::string(length, 'k')), std::to_string(length));
  }
  for (char character = '!'; character <= '~'; ++character) {
    m_cache.set(std::string(1, character), std::string(1, character), minute);
  }
  for (char character = '!'; character <= '~'; ++character) {
    EXPECT_EQ(m_cache.get(std::string(1, character)), std::string(1, character));
  }
}

TEST_P(CacheContract, StoresALargeValueWholeOrNothing) {
  for (const std::size_t size :
       {std::size_t{1} << 20, (std::size_t{1} << 20) + 1, std::size_t{3} << 20}) {
    m_cache.set("key", "old", minute);
    const std::string large(size, 'x');
    m_cache.set("key", large, minute);
    const auto found = m_cache.get("key");
    EXPECT_TRUE(!found || *found == large) << "after " << size << " bytes";
  }
}

TEST_P(CacheContract, ReplacesBySet) {
  m_cache.set("key", "old and longer", minute);
  m_cache.set("key", "new", minute);
  EXPECT_EQ(m_cache.get("key"), "new");
}

TEST_P(CacheContract, ForgetsWhenTheLifetimeIsOver) {
  m_cache.set("key", "value", Seconds(2));
  EXPECT_EQ(m_cache.get("key"), "value");
  m_trial->let_pass(Seconds(3));
  EXPECT_EQ(m_cache.get("key"), std::nullopt);
}

TEST_P(CacheContract, CountsTheLifetimeFromTheLastSet) {
  m_cache.set("longer", "value", Seconds(2));
  m_cache.set("longer", "value", minute);
  m_cache.set("shorter", "value", minute);
  m_cache.set("shorter", "value", Seconds(2));
  m_trial->let_pass(Seconds(3));
  EXPECT_EQ(m_cache.get("longer"), "value");
  EXPECT_EQ(m_cache.get("shorter"), std::nullopt);
}

TEST_P(CacheContract, TakesALifetimeOfTenYears) {
  m_cache.set("key", "value", std::chrono::hours(24 * 3653));
  EXPECT_EQ(m_cache.get("key"), "value");
}

TEST_P(CacheContract, HasNothingAfterALifetimeOfNothing) {
  for (const Seconds lifetime : {Seconds(0), Seconds(-5)}) {
    m_cache.set("key", "old", minute);
    m_cache.set("key", "new", lifetime);
    EXPECT_EQ(m_cache.get("key"), std::nullopt);
  }
}

TEST_P(CacheContract, AddsOnlyWhereNothingIs) {
  EXPECT_TRUE(m_cache.add("key", "first", minute));
  EXPECT_FALSE(m_cache.add("key", "second", minute));
  EXPECT_EQ(m_cache.get("key"), "first");
}

TEST_P(CacheContract, AFailedAddLeavesTheLifetimeAlone) {
  m_cache.set("key", "first", Seconds(2));
  EXPECT_FALSE(m_cache.add("key", "second", minute));
  m_trial->let_pass(Seconds(3));
  EXPECT_EQ(m_cache.get("key"), std::nullopt);
}

TEST_P(CacheContract, AddsWhereTheLifetimeIsOver) {
  m_cache.set("key", "first", Seconds(1));
  m_trial->let_pass(Seconds(2));
  EXPECT_TRUE(m_cache.add("key", "second", minute));
  EXPECT_EQ(m_cache.get("key"), "second");
}

TEST_P(CacheContract, RemovesAndMayBeFilledAgain) {
  m_cache.set("key", "value", minute);
  m_cache.remove("key");
  EXPECT_EQ(m_cache.get("key"), std::nullopt);
  EXPECT_TRUE(m_cache.add("key", "again", minute));
}

TEST_P(CacheContract, RemovesWhatIsNotThereQuietly) { EXPECT_NO_THROW(m_cache.remove("key")); }

TEST_P(CacheContract, SetUnlessNewerStoresWhereNothingIs) {
  EXPECT_TRUE(m_cache.set_unless_newer("key", stamped(1, 0, "a"), minute));
  EXPECT_EQ(m_cache.get("key"), stamped(1, 0, "a"));
}

TEST_P(CacheContract, SetUnlessNewerKeepsTheNewer) {
  m_cache.set("key", stamped(2, 0, "newer"), minute);
  EXPECT_FALSE(m_cache.set_unless_newer("key", stamped(1, 9, "older"), minute));
  EXPECT_EQ(m_cache.get("key"), stamped(2, 0, "newer"));
}

TEST_P(CacheContract, SetUnlessNewerReplacesTheOlderAndTheEqual) {
  m_cache.set("key", stamped(1, 1, "old"), minute);
  EXPECT_TRUE(m_cache.set_unless_newer("key", stamped(1, 1, "equal"), minute));
  EXPECT_EQ(m_cache.get("key"), stamped(1, 1, "equal"));
  EXPECT_TRUE(m_cache.set_unless_newer("key", stamped(1, 2, "newer"), minute));
  EXPECT_EQ(m_cache.get("key"), stamped(1, 2, "newer"));
}

TEST_P(CacheContract, SetUnlessNewerComparesUnsignedBytes) {
  m_cache.set("key", stamped(0x80, 0, "newer"), minute);
  EXPECT_FALSE(m_cache.set_unless_newer("key", stamped(0x7f, 0, "older"), minute));
  m_cache.set("key", stamped(~0ull, 0, "tombstone"), minute);
  EXPECT_FALSE(m_cache.set_unless_newer("key", stamped(1, 0, "older"), minute));
}

TEST_P(CacheContract, SetUnlessNewerComparesTheStampAlone) {
  m_cache.set("key", stamped(1, 1, "zzz"), minute);
  EXPECT_TRUE(m_cache.set_unless_newer("key", stamped(1, 1, "aaa"), minute));
}

TEST_P(CacheContract, SetUnlessNewerIsNotHeldUpByTheExpired) {
  m_cache.set("key", stamped(9, 0, "newer"), Seconds(1));
  m_trial->let_pass(Seconds(2));
  EXPECT_TRUE(m_cache.set_unless_newer("key", stamped(1, 0, "older"), minute));
  EXPECT_EQ(m_cache.get("key"), stamped(1, 0, "older"));
}

TEST_P(CacheContract, OfManyWhoAddOneWins) {
  constexpr int threads = 8, rounds = 20;
  std::vector<std::atomic<int>> winners(rounds);
  std::barrier together(threads);
  std::vector<std::thread> adders;
  for (int i = 0; i < threads; ++i) {
    adders.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        together.arrive_and_wait();
        const bool won = m_cache.add("key" + std::to_string(round), std::to_string(i), minute);
        if (won) ++winners[static_cast<std::size_t>(round)];
      }
    });
  }
  for (auto& adder : adders) adder.join();
  for (const auto& count : winners) EXPECT_EQ(count, 1);
}

TEST_P(CacheContract, OfManyWhoSetTheNewestStays) {
  if (!m_cache.compares()) GTEST_SKIP() << "promised only where the cache compares";
  constexpr std::uint64_t threads = 8, rounds = 50;
  std::barrier together(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::thread> savers;
  for (std::uint64_t i = 0; i < threads; ++i) {
    savers.emplace_back([&, i] {
      together.arrive_and_wait();
      for (std::uint64_t round = 0; round < rounds; ++round) {
        m_cache.set_unless_newer("key", stamped(round * threads + i, 0, "x"), minute);
      }
    });
  }
  for (auto& saver : savers) saver.join();
  EXPECT_EQ(m_cache.get("key"), stamped(threads * rounds - 1, 0, "x"));
}

TEST_P(CacheContract, ReadersNeverSeeHalfAValue) {
  const std::string first(3000, 'a'), second(50, 'b');
  m_cache.set("key", first, minute);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) m_cache.set("key", i % 2 ? first : second, minute);
    done = true;
  });
  int torn = 0;
  do {
    const auto seen = m_cache.get("key");
    if (!seen || (*seen != first && *seen != second)) ++torn;
  } while (!done);
  writer.join();
  EXPECT_EQ(torn, 0);
}

TEST_P(CacheContract, AnotherHandleSeesTheSameAtOnce) {
  m_cache.set("key", "value", minute);
  EXPECT_EQ(m_trial->other_handle().get("key"), "value");
  m_trial->other_handle().remove("key");
  EXPECT_EQ(m_cache.get("key"), std::nullopt);
}

TEST_P(CacheContract, HoldsManyEntries) {
  for (int i = 0; i < 2000; ++i) m_cache.set("key" + std::to_string(i), std::to_string(i), minute);
  for (int i = 0; i < 2000; ++i)
    ASSERT_EQ(m_cache.get("key" + std::to_string(i)), std::to_string(i));
}

TEST_P(CacheContract, DescribesItselfInOneLine) {
  EXPECT_FALSE(m_cache.describe().empty());
  EXPECT_EQ(m_cache.describe().find('\n'), std::string::npos);
}

}  // namespace innkeeper::cache
