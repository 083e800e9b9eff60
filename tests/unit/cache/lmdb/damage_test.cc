// What the embedded cache makes of files that are not as it left them.
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "base/error.h"
#include "cache/lmdb/lmdb_cache.h"
#include "support/captured_log.h"
#include "support/forked_process.h"
#include "support/temporary_folder.h"

namespace innkeeper::cache::lmdb {
namespace {

constexpr std::size_t page = 4096;
constexpr Seconds hour{3600};

class Damage : public testing::Test {
 protected:
  std::unique_ptr<Cache> open_it() { return open({m_directory.path(), 8u << 20}, m_clock, m_log); }
  std::filesystem::path data() const { return m_directory.path() / "data.mdb"; }

  // Entries small and large, some replaced and some removed, so that every kind of page is there,
  // free ones too.
  void fill() {
    const auto cache = open_it();
    for (int i = 0; i < 200; ++i)
      cache->set("key" + std::to_string(i), std::string(500, 'x'), hour);
    for (int i = 0; i < 5; ++i)
      cache->set("large" + std::to_string(i), std::string(9000, 'y'), hour);
    for (int i = 0; i < 200; i += 3) cache->remove("key" + std::to_string(i));
    for (int i = 0; i < 3; ++i)
      cache->set("large" + std::to_string(i), std::string(20000, 'z'), hour);
  }
  std::string read_data() const {
    std::ifstream file(data(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write_data(const std::string& bytes) const {
    std::filesystem::remove(
        data());  // a file that is cut and written again is flushed to the disk by ext4
    std::ofstream(data(), std::ios::binary | std::ios::trunc) << bytes;
  }
  // Every call on every entry; whether a last put is there.
  bool use(Cache& cache) {
    for (int i = 0; i < 200; i += 4) {
      cache.get("key" + std::to_string(i));
      cache.set("key" + std::to_string(i), std::string(700, 'n'), hour + Seconds(i));
    }
    for (int i = 0; i < 5; ++i) cache.remove("large" + std::to_string(i));
    cache.set("last", "put", hour);
    return cache.get("last") == "put";
  }
  // In a process of its own, for what goes wrong there goes wrong by a signal. It notes what it is
  // about to try where the test can read it when it is gone.
  template <class Tries>
  void expect_survived(Tries tries) {
    test::ForkedProcess child([&](const test::Line&) {
      tries();
      return 0;
    });
    EXPECT_EQ(child.wait(), 0) << "with " << m_note;
  }
  void try_with(const std::string& bytes, const std::string& what) {
    std::snprintf(m_note, note_size, "%s", what.c_str());
    write_data(bytes);
    if (!use(*open_it())) throw std::runtime_error("a put was lost");
  }
  void TearDown() override { ::munmap(m_note, note_size); }

  void expect_rebuilt() {
    const auto cache = open_it();
    ASSERT_EQ(m_log.lines().size(), 1u);
    EXPECT_NE(m_log.lines()[0].find("emptied and rebuilt"), std::string::npos) << m_log.lines()[0];
    EXPECT_NE(m_log.lines()[0].find(m_directory.path()), std::string::npos) << m_log.lines()[0];
    EXPECT_EQ(cache->get("key1"), std::nullopt);
    EXPECT_TRUE(use(*cache));
  }

  test::TemporaryFolder m_directory;
  ManualClock m_clock;
  test::CapturedLog m_log;
  static constexpr std::size_t note_size = 100;
  char* const m_note = static_cast<char*>(
      ::mmap(nullptr, note_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
};

TEST_F(Damage, ASoundFileKeepsItsEntriesOverACloseAndAnOpen) {
  fill();
  const auto cache = open_it();
  EXPECT_EQ(cache->get("key1"), std::string(500, 'x'));
  EXPECT_EQ(cache->get("large0"), std::string(20000, 'z'));
  EXPECT_TRUE(m_log.lines().empty());
}

TEST_F(Damage, AFileOfGarbageIsRebuilt) {
  fill();
  write_data(std::string(200000, 'g'));
  expect_rebuilt();
}

TEST_F(Damage, AFileOfGarbageIsRebuiltEvenIfItWasNeverOurs) {
  write_data("garbage");
  expect_rebuilt();
}

TEST_F(Damage, AFileCutShortIsRebuilt) {
  fill();
  write_data(read_data().substr(0, 5 * page));
  expect_rebuilt();
}

TEST_F(Damage, AFileCutWithinItsFirstPageIsRebuilt) {
  fill();
  write_data(read_data().substr(0, 100));
  expect_rebuilt();
}

// Its meta pages say that there is not even room for themselves.
TEST_F(Damage, AFileThatCountsNoPagesIsRebuilt) {
  fill();
  constexpr std::size_t last_page = 136;  // where a meta page has the number of the last page used
  std::string bytes = read_data();
  for (const std::size_t meta : {std::size_t{0}, page})
    bytes.replace(meta + last_page, 8, std::string(8, '\0'));
  write_data(bytes);
  expect_rebuilt();
}

TEST_F(Damage, AnEmptiedFileIsSimplyEmpty) {
  fill();
  write_data("");
  const auto cache = open_it();
  EXPECT_EQ(cache->get("key1"), std::nullopt);
  EXPECT_TRUE(use(*cache));
}

TEST_F(Damage, GarbageInTheMiddleIsRebuilt) {
  fill();
  std::string bytes = read_data();
  for (std::size_t i = 2 * page; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31);
  write_data(bytes);
  expect_rebuilt();
}

TEST_F(Damage, NoPageOfGarbageOrZerosKillsItsReader) {
  fill();
  const std::string sound = read_data();
  std::mt19937 random(1);
  expect_survived([&] {
    for (std::size_t at = 0; at < sound.size(); at += page) {
      for (const bool zeros : {false, true}) {
        std::string bytes = sound;
        for (std::size_t i = at; i < at + page && i < bytes.size(); ++i) {
          bytes[i] = static_cast<char>(zeros ? 0 : random());
        }
        try_with(bytes,
                 "page " + std::to_string(at / page) + (zeros ? " of zeros" : " of garbage"));
      }
    }
  });
}

TEST_F(Damage, NoTruncationKillsItsReader) {
  fill();
  const std::string sound = read_data();
  expect_survived([&] {
    for (std::size_t size = 0; size < sound.size(); size += page / 2) {
      try_with(sound.substr(0, size), std::to_string(size) + " bytes");
    }
  });
}

TEST_F(Damage, NoChangedByteInAPageHeaderKillsItsReader) {
  fill();
  const std::string sound = read_data();
  std::mt19937 random(2);
  expect_survived([&] {
    for (int round = 0; round < 150; ++round) {
      std::string bytes = sound;
      const std::size_t at = random() % (sound.size() / page) * page + random() % 64;
      bytes[at] ^= static_cast<char>(1 + random() % 255);
      try_with(bytes, "a changed byte at " + std::to_string(at));
    }
  });
}

TEST_F(Damage, AGarbageLockFileIsReplaced) {
  fill();
  std::ofstream(m_directory.path() / "lock.mdb", std::ios::trunc) << std::string(8192, 'g');
  const auto cache = open_it();
  EXPECT_TRUE(use(*cache));
}

// After a crash of the whole machine, pages that were never written may lie under a meta page that
// was.
TEST_F(Damage, AFileOfAnEarlierStartOfTheMachineIsRebuilt) {
  fill();
  std::ofstream(m_directory.path() / "innkeeper.mark")
      << "innkeeper lmdb cache 1\nanother boot id\n";
  expect_rebuilt();
}

TEST_F(Damage, AForeignDatabaseIsLeftAlone) {
  fill();
  std::filesystem::remove(m_directory.path() / "innkeeper.mark");
  const std::string foreign = read_data();
  try {
    open_it();
    FAIL() << "took a foreign database for its own";
  } catch (const CacheError& error) {
    EXPECT_NE(std::string(error.what()).find("empty directory"), std::string::npos) << error.what();
  }
  EXPECT_EQ(read_data(), foreign);
}

TEST_F(Damage, ADirectoryThatIsAFileIsNamed) {
  const auto file = m_directory.path() / "file";
  std::ofstream(file) << "text";
  try {
    open({file, 1u << 20}, m_clock, m_log);
    FAIL() << "opened a file as a directory";
  } catch (const CacheError& error) {
    EXPECT_NE(std::string(error.what()).find(file), std::string::npos) << error.what();
  }
}

// What says why a directory cannot be used; nothing where it can.
std::string refusal(const std::filesystem::path& directory) {
  try {
    ManualClock clock;
    open({directory, 1u << 20}, clock, null_log());
    return {};
  } catch (const CacheError& error) {
    return error.what();
  }
}

void expect_says(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << "no \"" << part << "\" in: " << text;
}

TEST_F(Damage, NoDirectoryAtAllIsToldWithWhatToDo) {
  expect_says(refusal(""), {"lmdb cache: cannot open \"\"", "name a directory"});
}

TEST_F(Damage, ADirectoryThatLeadsToItselfIsToldWithItsReason) {
  const auto loop = m_directory.path() / "loop";
  std::filesystem::create_symlink(loop, loop);
  expect_says(refusal(loop / "cache"),
              {loop.c_str(), "Too many levels of symbolic links", "; name a directory"});
}

// In a process of its own, for where one stands is the whole process's.
TEST_F(Damage, ARelativeDirectoryWhereTheWorkingDirectoryIsGoneIsToldWithItsReason) {
  test::ForkedProcess child([&](const test::Line&) {
    const auto gone = m_directory.path() / "gone";
    std::filesystem::create_directory(gone);
    std::filesystem::current_path(gone);
    std::filesystem::remove(gone);
    expect_says(refusal("cache"), {"\"cache\"", "No such file or directory", "absolute path"});
    return HasFailure() ? 1 : 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST_F(Damage, ANewDirectoryIsForItsOwnerOnly) {
  const auto directory = m_directory.path() / "deep" / "cache";
  const auto cache = open({directory, 1u << 20}, m_clock, m_log);
  EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(Damage, ADirectoryThatIsRemovedUnderItIsMadeAgain) {
  const auto directory = m_directory.path() / "cache";
  const auto cache = open({directory, 1u << 20}, m_clock, m_log);
  cache->set("key", "value", hour);
  std::filesystem::remove_all(directory);
  m_clock.advance(Seconds(1));
  cache->get("key");  // the look that finds it
  EXPECT_EQ(cache->get("key"), std::nullopt);
  cache->set("key", "again", hour);
  EXPECT_EQ(cache->get("key"), "again");
  EXPECT_TRUE(std::filesystem::exists(directory / "data.mdb"));
}

}  // namespace
}  // namespace innkeeper::cache::lmdb
