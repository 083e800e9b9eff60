// How the embedded cache lives within its size.
#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/lmdb/lmdb_cache.h"
#include "support/forked_process.h"
#include "support/temporary_folder.h"

namespace innkeeper::cache::lmdb {
namespace {

class Room : public testing::Test {
 protected:
  std::unique_ptr<Cache> open_with(std::size_t size_bytes) {
    return open({m_directory.path(), size_bytes}, m_clock, null_log());
  }
  std::uintmax_t file_size() const {
    return std::filesystem::file_size(m_directory.path() / "data.mdb");
  }
  std::filesystem::path locks() const { return m_directory.path() / "lock.mdb"; }
  struct stat lock_facts() const {
    struct stat facts {};
    EXPECT_EQ(::stat(locks().c_str(), &facts), 0);
    return facts;
  }
  bool locks_have_all_their_room() const {
    const struct stat facts = lock_facts();
    return facts.st_size >= 4096 * 64 && facts.st_blocks * 512 >= facts.st_size;
  }
  static std::string name(int i) { return "innkeeper:s:" + std::to_string(i); }

  test::TemporaryFolder m_directory;
  ManualClock m_clock;
};

constexpr std::size_t small = 1u << 20;
constexpr Seconds hour{3600};

TEST_F(Room, NeverGrowsBeyondItsSize) {
  const auto cache = open_with(small);
  for (int i = 0; i < 20000; ++i) cache->set(name(i), std::string(600, 'x'), hour + Seconds(i));
  EXPECT_LE(file_size(), small);
  EXPECT_EQ(cache->get(name(19999)), std::string(600, 'x'));
}

TEST_F(Room, HoldsAGoodShareOfItsSize) {
  const auto cache = open_with(8 * small);
  for (int i = 0; i < 20000; ++i) cache->set(name(i), std::string(600, 'x'), hour + Seconds(i));
  std::size_t alive = 0;
  for (int i = 0; i < 20000; ++i) alive += cache->get(name(i)) ? 1 : 0;
  EXPECT_GT(alive * 600, 8 * small * 2 / 5);
}

// Each entry expires before those that were there first: the oldest entries are to stay, the
// younger ones go.
TEST_F(Room, GivesUpWhatExpiresFirst) {
  const auto cache = open_with(small);
  constexpr int count = 3000;
  for (int i = 0; i < count; ++i)
    cache->set(name(i), std::string(600, 'x'), hour + Seconds(count - i));
  int first_gone = 0;
  while (cache->get(name(first_gone))) ++first_gone;
  EXPECT_GT(first_gone, 100);
  EXPECT_LT(first_gone, count / 2);
  // What was stored since the last batch went is still there, and no more than that.
  for (int i = first_gone; i < count - 20; ++i) ASSERT_FALSE(cache->get(name(i))) << i;
  EXPECT_TRUE(cache->get(name(count - 1)));
}

TEST_F(Room, BuriesTheDeadAsItGoes) {
  const auto cache = open_with(64 * small);
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 300; ++i)
      cache->set(name(round * 300 + i), std::string(600, 'x'), Seconds(60));
    m_clock.advance(Seconds(61));
  }
  EXPECT_LT(file_size(), 2 * small);
}

TEST_F(Room, AnOverwrittenEntryIsEvictedByItsNewLifetime) {
  const auto cache = open_with(small);
  cache->set("early", "value", Seconds(10));
  cache->set("early", "value", 9 * hour);
  for (int i = 0; i < 3000; ++i) cache->set(name(i), std::string(600, 'x'), hour);
  EXPECT_EQ(cache->get("early"), "value");
}

// It stays filed under its first lifetime until somebody comes upon it there.
TEST_F(Room, BuriesNothingThatWasGivenALongerLife) {
  const auto cache = open_with(small);
  for (int i = 0; i < 50; ++i) cache->set(name(i), "value", Seconds(10));
  for (int i = 0; i < 50; i += 2) cache->set(name(i), "again", hour);
  for (int i = 0; i < 50; i += 4) cache->set(name(i), "once more", Seconds(30));
  m_clock.advance(Seconds(20));
  for (int i = 100; i < 150; ++i) cache->set(name(i), "other", hour);
  for (int i = 0; i < 50; ++i) {
    const auto expected = i % 2 ? std::nullopt : std::optional(i % 4 ? "again" : "once more");
    EXPECT_EQ(cache->get(name(i)), expected) << i;
  }
  m_clock.advance(Seconds(20));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(cache->get(name(i)).has_value(), i % 4 == 2) << i;
  cache->remove(name(2));
  EXPECT_EQ(cache->get(name(2)), std::nullopt);
}

TEST_F(Room, LeavesNothingStaleWhereAValueDoesNotFit) {
  const auto cache = open_with(small);
  cache->set("key", "old", hour);
  cache->set("key", std::string(small, 'x'), hour);
  EXPECT_EQ(cache->get("key"), std::nullopt);
  cache->set("key", "new", hour);
  EXPECT_EQ(cache->get("key"), "new");
}

// A tombstone must not go because something that it outranks was too large.
TEST_F(Room, AValueThatDoesNotFitRemovesNothingThatItWouldNotReplace) {
  const auto cache = open_with(small);
  const std::string newer(16, '\xff'), older(4 * small, 'x');
  cache->set("key", newer, hour);
  EXPECT_FALSE(cache->set_unless_newer("key", older, hour));
  EXPECT_FALSE(cache->add("key", older, hour));
  EXPECT_EQ(cache->get("key"), newer);
}

TEST_F(Room, LargeValuesComeAndGo) {
  const auto cache = open_with(8 * small);
  for (int i = 0; i < 200; ++i) {
    cache->set(name(i), std::string(static_cast<std::size_t>(100000 + i * 997), 'x'),
               hour + Seconds(i));
    ASSERT_TRUE(cache->get(name(i))) << i;
  }
  EXPECT_LE(file_size(), 8 * small);
}

// The limit on a file's size stands for a disk without room: writing beyond it fails, in a process
// of its own.
TEST_F(Room, OnAFullDiskPutsAreDroppedAndNothingStaleStays) {
  test::ForkedProcess child([&](const test::Line&) {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto cache = open_with(16 * small);
    for (int i = 0; i < 300; ++i) cache->set(name(i), "old", hour);
    rlimit limit{512 << 10, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    const std::string fresh(2000, 'n');
    int kept = 0;
    for (int i = 0; i < 2000; ++i) {
      cache->set(name(i), fresh, hour + Seconds(i));
      const auto found = cache->get(name(i));
      if (found && *found != fresh) return 2;
      kept += found ? 1 : 0;
    }
    if (kept < 100) return 3;
    limit.rlim_cur = RLIM_INFINITY;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 4;
    cache->set("after", "room again", hour);
    return cache->get("after") == "room again" ? 0 : 5;
  });
  EXPECT_EQ(child.wait(), 0);
}

// LMDB leaves lock.mdb with holes and maps it for writing: a reader whose slot is in one of them is
// killed by SIGBUS where the disk has no room for it.
TEST_F(Room, TheRoomOfEveryReadersSlotIsTakenAtTheOpening) {
  const auto cache = open_with(small);
  EXPECT_TRUE(locks_have_all_their_room());
}

TEST_F(Room, ALockFileWithHolesIsFilledAtTheOpening) {
  open_with(small);
  std::filesystem::resize_file(locks(), 0);
  std::filesystem::resize_file(locks(), 4096 * 64);
  ASSERT_FALSE(locks_have_all_their_room());
  const auto cache = open_with(small);
  EXPECT_TRUE(locks_have_all_their_room());
}

TEST_F(Room, ALockFileWithHolesThatOthersUseIsFilledAndLeftAsLongAsItIs) {
  test::ForkedProcess other([&](const test::Line& line) {
    const auto cache = open_with(small);
    cache->set("key", "value", hour);
    line.say('o');
    line.hear();
    return cache->get("key") == "value" ? 0 : 1;
  });
  ASSERT_EQ(other.line().hear(), 'o');
  const off_t size = lock_facts().st_size;
  const int file = ::open(locks().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192, size - 8192), 0);
  ::close(file);
  ASSERT_FALSE(locks_have_all_their_room());
  {
    const auto cache = open_with(small);
    EXPECT_TRUE(locks_have_all_their_room());
    EXPECT_EQ(lock_facts().st_size, size);
    EXPECT_EQ(cache->get("key"), "value");
  }
  other.line().say('g');
  EXPECT_EQ(other.wait(), 0);
}

TEST_F(Room, AFileLargerThanItsNewLimitIsMadeAnew) {
  {
    const auto cache = open_with(8 * small);
    for (int i = 0; i < 5000; ++i) cache->set(name(i), std::string(600, 'x'), hour);
  }
  const auto cache = open_with(small);
  EXPECT_LE(file_size(), small);
  cache->set("key", "value", hour);
  EXPECT_EQ(cache->get("key"), "value");
}

}  // namespace
}  // namespace innkeeper::cache::lmdb
