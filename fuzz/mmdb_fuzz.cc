// Any bytes as a location file: opened, searched and sampled. It is refused or answers, never more.
#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "location/database.h"

namespace {

using innkeeper::FileHandle;
using innkeeper::IpAddress;
using innkeeper::location::Database;
using innkeeper::location::Location;

void search(const Database& database, std::uint64_t paged_from) {
  for (const char* text : {"192.0.2.1", "89.160.20.1", "198.51.100.200", "255.255.255.255",
                           "1.1.1.1", "2001:db8:1::1", "2001:db8:2::1", "::1", "ffff::ffff"}) {
    Location place;
    (void)database.find(IpAddress::parse(text).value(), paged_from == 0 ? "de" : "en", place);
  }
  (void)database.describe();
  (void)database.rank();
  database.check_records();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const FileHandle file(::memfd_create("fuzz", MFD_CLOEXEC));
  if (::write(file.get(), data, size) != static_cast<ssize_t>(size)) return 0;
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  for (const std::uint64_t paged_from : {std::uint64_t{0}, Database::largest_whole + 1}) {
    try {
      search(*Database::open(path, paged_from), paged_from);
    } catch (const innkeeper::FileError&) {  // refused, with a reason
    }
  }
  return 0;
}
