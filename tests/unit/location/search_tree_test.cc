#include "location/search_tree.h"

#include <cstring>
#include <random>
#include <stdexcept>

#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>

#include "location/database.h"
#include "support.h"

namespace innkeeper::location {

namespace {

// The walk that MaxMind's own library makes: the offset of a record, or nothing.
class Judge {
 public:
  explicit Judge(const fs::path& path) {
    if (::MMDB_open(path.c_str(), MMDB_MODE_MMAP, &m_handle) != MMDB_SUCCESS)
      throw std::runtime_error(path.string());
  }
  ~Judge() { ::MMDB_close(&m_handle); }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  std::optional<std::size_t> find(const IpAddress& address) const {
    int status = MMDB_SUCCESS;
    const auto result =
        ::MMDB_lookup_string(&m_handle, address.to_string().c_str(), &status, &status);
    if (!result.found_entry) return std::nullopt;
    return result.entry.offset;
  }

 private:
  MMDB_s m_handle{};
};

IpAddress any_address(std::mt19937& random) {
  std::array<std::uint8_t, 16> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  switch (random() % 4) {
    case 0: {  // those that the files know
      static constexpr const char* networks[] = {"192.0.2.", "198.51.100.", "203.0.113.",
                                                 "89.160.20."};
      return address(networks[bytes[1] % 4] + std::to_string(bytes[0]));
    }
    case 1:
      bytes[0] = 0x20, bytes[1] = 0x01, bytes[2] = 0x0d, bytes[3] = 0xb8, bytes[4] = 0;
      return IpAddress::from_bytes(bytes);
    case 2:
      std::memset(bytes.data(), 0, 10);
      bytes[10] = bytes[11] = 0xff;
      return IpAddress::from_bytes(bytes);
    default:
      return IpAddress::from_bytes(bytes);
  }
}

std::optional<std::size_t> offset(const Leaf& leaf) {
  EXPECT_NE(leaf.kind, Leaf::Kind::damaged);
  return leaf.kind == Leaf::Kind::record ? std::optional(leaf.at) : std::nullopt;
}

void compare(const fs::path& path) {
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const FileStamp stamp = stamp_of(path).value();
  const Metadata metadata = read_metadata(file.get(), stamp.size, path.string());
  const PagedFile bytes(std::move(file), stamp, path.string());
  const SearchTree tree(bytes, metadata);
  const Judge judge(path);
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same addresses each time
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const IpAddress address = any_address(random);
    const auto expected = judge.find(address);
    ASSERT_EQ(offset(tree.find(address)), expected) << path << ' ' << address.to_string();
    found += expected ? 1 : 0;
  }
  EXPECT_GT(found, 0) << path;
}

}  // namespace

TEST(SearchTree, FindsTheRecordsThatLibmaxminddbFinds) {
  for (const fs::path& path :
       {demo, data / "city.mmdb", data / "country.mmdb", data / "flat-v4.mmdb",
        data / "flat-v6.mmdb", data / "odd.mmdb", data / "asn.mmdb"})
    compare(path);
}

}  // namespace innkeeper::location
