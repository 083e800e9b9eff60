// Any bytes as a download: unpacked or refused, within the limit.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "location/file.h"
#include "location/unpack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using innkeeper::FileHandle;
  constexpr std::uint64_t limit = 1 << 20;
  const FileHandle from(::memfd_create("fuzz-in", MFD_CLOEXEC));
  const FileHandle to(::memfd_create("fuzz-out", MFD_CLOEXEC));
  if (::write(from.get(), data, size) != static_cast<ssize_t>(size)) return 0;
  try {
    innkeeper::location::unpack(from.get(), to.get(), limit);
  } catch (const innkeeper::Error&) {  // refused, with a reason
  }
  struct stat written {};
  if (::fstat(to.get(), &written) != 0 || static_cast<std::uint64_t>(written.st_size) > limit)
    std::abort();
  return 0;
}
