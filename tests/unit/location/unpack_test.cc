#include "location/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include "base/error.h"
#include "location/file.h"
#include "support.h"

namespace innkeeper::location {

namespace {

constexpr std::uint64_t limit = 1 << 20;

// Writes tar archives member by member.
class Tar {
 public:
  explicit Tar(const fs::path& path, bool gzip = true) : m_archive(::archive_write_new()) {
    ::archive_write_set_format_pax_restricted(m_archive);
    if (gzip) ::archive_write_add_filter_gzip(m_archive);
    EXPECT_EQ(::archive_write_open_filename(m_archive, path.c_str()), ARCHIVE_OK);
  }
  ~Tar() { ::archive_write_free(m_archive); }
  Tar(const Tar&) = delete;
  Tar& operator=(const Tar&) = delete;

  Tar& file(const char* name, const std::string& bytes) {
    return add(name, AE_IFREG, bytes, nullptr, nullptr);
  }
  Tar& symlink(const char* name, const char* to) { return add(name, AE_IFLNK, "", to, nullptr); }
  Tar& hard_link(const char* name, const char* to) { return add(name, AE_IFREG, "", nullptr, to); }
  Tar& special(const char* name, unsigned type) { return add(name, type, "", nullptr, nullptr); }

 private:
  Tar& add(const char* name, unsigned type, const std::string& bytes, const char* symlink,
           const char* hardlink) {
    archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name);
    ::archive_entry_set_filetype(entry, type);
    ::archive_entry_set_perm(entry, 06777);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    if (symlink != nullptr) ::archive_entry_set_symlink(entry, symlink);
    if (hardlink != nullptr) ::archive_entry_set_hardlink(entry, hardlink);
    ::archive_write_header(m_archive, entry);
    ::archive_write_data(m_archive, bytes.data(), bytes.size());
    ::archive_entry_free(entry);
    return *this;
  }
  archive* m_archive;
};

class Unpack : public ::testing::Test {
 protected:
  std::string unpacked(std::uint64_t size_limit = limit) {
    const FileHandle from(::open(packed.c_str(), O_RDONLY | O_CLOEXEC));
    const FileHandle to(
        ::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    unpack(from.get(), to.get(), size_limit);
    return bytes_of(folder / "out");
  }

  std::string refusal() {
    try {
      unpacked();
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }

  Folder folder;
  fs::path packed = folder / "packed";
};

}  // namespace

TEST_F(Unpack, TakesTheMemberOutOfAnArchive) {
  Tar(packed)
      .file("GeoLite2_1/LICENSE.txt", "words")
      .file("GeoLite2_1/GeoLite2-City.mmdb", "bytes")
      .file("GeoLite2_1/z.mmdb", "no");
  EXPECT_EQ(unpacked(), "bytes");
}

TEST_F(Unpack, TakesAnArchiveWithoutGzip) {
  Tar(packed, false).file("a.mmdb", "bytes");
  EXPECT_EQ(unpacked(), "bytes");
}

TEST_F(Unpack, TakesAPlainFile) {
  write_file(packed, bytes_of(demo));
  EXPECT_EQ(unpacked(), bytes_of(demo));
}

TEST_F(Unpack, NeverUsesTheNameOfAMember) {
  const fs::path outside = folder.path().string() + "-outside.mmdb";
  Tar(packed).file(("../" + outside.filename().string()).c_str(), "bytes");
  EXPECT_EQ(unpacked(), "bytes");
  EXPECT_FALSE(fs::exists(outside));
  Tar(packed).file("/etc/absolute.mmdb", "bytes");
  EXPECT_EQ(unpacked(), "bytes");
}

TEST_F(Unpack, GoesPastLinksAndDevicesThatAreCalledLikeIt) {
  Tar(packed)
      .symlink("a.mmdb", "/etc/passwd")
      .hard_link("b.mmdb", "/etc/passwd")
      .special("c.mmdb", AE_IFCHR)
      .special("d.mmdb", AE_IFIFO)
      .special("e.mmdb", AE_IFDIR)
      .file("f.mmdb", "bytes");
  EXPECT_EQ(unpacked(), "bytes");
}

TEST_F(Unpack, FindsNothingInAnArchiveOfLinks) {
  Tar(packed).symlink("a.mmdb", "/etc/passwd").hard_link("b.mmdb", "/etc/passwd");
  EXPECT_NE(refusal().find("no regular .mmdb"), std::string::npos);
}

TEST_F(Unpack, LimitsTheMember) {
  Tar(packed).file("a.mmdb", std::string(limit, '\0'));
  EXPECT_EQ(unpacked().size(), limit);
  Tar(packed).file("a.mmdb", std::string(limit + 1, '\0'));
  EXPECT_NE(refusal().find("more than the limit"), std::string::npos);
}

TEST_F(Unpack, LimitsWhatStandsBeforeTheMember) {
  Tar(packed).file("bomb.txt", std::string(16 * limit, '\0')).file("a.mmdb", "bytes");
  EXPECT_NE(refusal().find("more than the limit"), std::string::npos);
}

TEST_F(Unpack, RefusesEveryTruncationOfAnArchive) {
  Tar(packed).file("a.mmdb", bytes_of(demo));
  const std::string whole = bytes_of(packed);
  for (std::size_t size = 2; size < whole.size() - 64; size += 101) {
    write_file(packed, whole.substr(0, size));
    EXPECT_NE(refusal(), "") << size;
  }
}

TEST_F(Unpack, RefusesAnEmptyArchive) {
  { const Tar empty(packed); }
  EXPECT_NE(refusal(), "");
}

TEST_F(Unpack, RefusesGzipInGzip) {
  archive* twice = ::archive_write_new();
  ::archive_write_set_format_raw(twice);
  ::archive_write_add_filter_gzip(twice);
  ::archive_write_add_filter_gzip(twice);
  ASSERT_EQ(::archive_write_open_filename(twice, packed.c_str()), ARCHIVE_OK);
  archive_entry* entry = ::archive_entry_new();
  ::archive_entry_set_filetype(entry, AE_IFREG);
  ::archive_write_header(twice, entry);
  ::archive_write_data(twice, "bytes", 5);
  ::archive_entry_free(entry);
  ::archive_write_free(twice);
  EXPECT_NE(refusal().find("more than once"), std::string::npos);
}

TEST_F(Unpack, SaysThatTheDeviceIsFull) {
  Tar(packed).file("a.mmdb", bytes_of(demo));
  const FileHandle from(::open(packed.c_str(), O_RDONLY | O_CLOEXEC));
  const FileHandle full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_THROW(unpack(from.get(), full.get(), limit), Error);
}

}  // namespace innkeeper::location
