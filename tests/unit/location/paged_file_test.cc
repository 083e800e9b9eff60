#include "location/paged_file.h"

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "location/database.h"
#include "support.h"

namespace innkeeper::location {

namespace {

constexpr std::size_t page = 4096;

std::unique_ptr<PagedFile> paged(const fs::path& path) {
  return std::make_unique<PagedFile>(FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
                                     stamp_of(path).value(), path.string());
}

// Each page of another letter, the last one not full.
std::string letters() {
  return std::string(page, 'a') + std::string(page, 'b') + std::string(page, 'c') + "dd";
}

class PagedFileTest : public testing::Test {
 protected:
  void SetUp() override { write_file(path(), letters()); }
  fs::path path() const { return m_folder / "x"; }

 private:
  Folder m_folder;
};

}  // namespace

TEST_F(PagedFileTest, FetchesWhatIsAskedForAndNoMore) {
  const auto file = paged(path());
  EXPECT_EQ(file->resident(), 0u);
  ASSERT_TRUE(file->has(page - 1, 2));
  EXPECT_EQ(file->resident(), 2 * page);
  EXPECT_EQ(file->data()[page - 1], 'a');
  EXPECT_EQ(file->data()[page], 'b');
  ASSERT_TRUE(file->has(3 * page, 2));
  EXPECT_EQ(file->data()[3 * page + 1], 'd');
  EXPECT_TRUE(file->has(page, 0));
  EXPECT_EQ(file->resident(), 3 * page);
}

TEST_F(PagedFileTest, HasNothingBeyondItsEnd) {
  const auto file = paged(path());
  const std::size_t size = letters().size();
  EXPECT_TRUE(file->has(size, 0));
  EXPECT_FALSE(file->has(size, 1));
  EXPECT_FALSE(file->has(size - 1, 2));
  EXPECT_FALSE(file->has(size + 1, 0));
  EXPECT_FALSE(file->has(1, SIZE_MAX));
}

TEST_F(PagedFileTest, OfAFileCutShortItKeepsWhatItHas) {
  const auto file = paged(path());
  ASSERT_TRUE(file->has(0, 1));
  EXPECT_FALSE(file->changed());
  fs::resize_file(path(), 0);
  EXPECT_FALSE(file->has(0, page + 1));
  EXPECT_TRUE(file->changed());
  ASSERT_TRUE(file->has(0, page));
  EXPECT_EQ(file->data()[page - 1], 'a');
}

// Half of one state and half of another would be told as a place.
TEST_F(PagedFileTest, TakesNothingFromAFileThatWasOverwritten) {
  const auto file = paged(path());
  ASSERT_TRUE(file->has(0, 1));
  const timespec later[] = {{0, UTIME_OMIT}, {4'000'000'000, 0}};
  write_file(path(), std::string(letters().size(), 'z'));
  ASSERT_EQ(::utimensat(AT_FDCWD, path().c_str(), later, 0), 0);
  EXPECT_FALSE(file->has(page, 1));
  EXPECT_TRUE(file->has(0, 1));
}

TEST_F(PagedFileTest, NeedsNoFileOnceItHasAll) {
  const auto file = paged(path());
  file->fetch_all("x");
  fs::resize_file(path(), 0);
  EXPECT_TRUE(file->has(0, letters().size()));
  EXPECT_FALSE(file->changed());
  const auto other = paged(path());
  fs::resize_file(path(), 1);
  EXPECT_TRUE(other->has(0, 0));
}

TEST_F(PagedFileTest, SaysThatTheFileChangedWhileItWasRead) {
  const auto file = paged(path());
  fs::resize_file(path(), page);
  EXPECT_THROW(file->fetch_all("x"), FileError);
}

// In a mapping one of these look-ups ends the test program by SIGBUS, sooner or later.
TEST(PagedDatabase, IsCutShortInTheMiddleOfLookUps) {
  const Folder folder;
  for (int round = 0; round < 100; ++round) {
    fs::copy_file(demo, folder / "x.mmdb", fs::copy_options::overwrite_existing);
    const auto file = Database::open(folder / "x.mmdb", 0);
    std::atomic<bool> started{false};
    std::thread visitor([&] {
      for (int i = 0; i < 256; ++i) {
        Location place;
        (void)file->find(address("192.0.2." + std::to_string(i)), "en", place);
        started = true;
      }
    });
    while (!started) std::this_thread::yield();
    fs::resize_file(folder / "x.mmdb", 0);
    visitor.join();
  }
}

}  // namespace innkeeper::location
