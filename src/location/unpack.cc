#include "location/unpack.h"

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "base/error.h"
#include "location/file.h"

namespace innkeeper::location {

namespace {

constexpr std::size_t block_size = 1 << 16;
constexpr std::uint64_t headers = 1 << 20;  // what an honest archive adds to its members, and more

struct Free {
  void operator()(archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Free>;

enum class Packing { none, gzip, tar };

Packing packing_of(int from) {
  char begin[512] = {};
  if (::pread(from, begin, sizeof begin, 0) < 0)
    throw Error("the download cannot be read back (" + reason(errno) + ")");
  const std::string_view bytes(begin, sizeof begin);
  if (bytes.starts_with("\x1f\x8b")) return Packing::gzip;
  return bytes.substr(257, 5) == "ustar" ? Packing::tar : Packing::none;
}

class Output {
 public:
  Output(int to, std::uint64_t limit) : m_to(to), m_limit(limit) {}

  void write(const char* bytes, std::size_t count) {
    m_written += count;
    if (m_written > m_limit) throw too_large(m_limit);
    while (count > 0) {
      const ssize_t put = ::write(m_to, bytes, count);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0)
        throw Error("the download cannot be unpacked (" + reason(errno) + "); is the device full?");
      bytes += put;
      count -= static_cast<std::size_t>(put);
    }
  }

  static Error too_large(std::uint64_t limit) {
    return Error("the download unpacks to more than the limit of " + std::to_string(limit) +
                 " bytes");
  }

 private:
  int m_to;
  std::uint64_t m_limit;
  std::uint64_t m_written = 0;
};

void copy(int from, Output& output) {
  char block[block_size];
  off_t at = 0;
  for (;;) {
    const ssize_t got = ::pread(from, block, sizeof block, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error("the download cannot be read back (" + reason(errno) + ")");
    if (got == 0) return;
    output.write(block, static_cast<std::size_t>(got));
    at += got;
  }
}

Reader open(int from, Packing packing) {
  Reader reader(::archive_read_new());
  if (!reader) throw Error("libarchive cannot be started");
  ::archive_read_support_filter_gzip(reader.get());
  ::archive_read_support_format_tar(reader.get());
  if (packing == Packing::gzip) ::archive_read_support_format_raw(reader.get());
  if (::lseek(from, 0, SEEK_SET) < 0 ||
      ::archive_read_open_fd(reader.get(), from, block_size) != ARCHIVE_OK) {
    throw Error("the download is not an archive that can be read; fetch it again", Retry::later);
  }
  // libarchive would take gzip off as often as it finds it: layers can unpack to far more than ever
  // comes out.
  if (::archive_filter_count(reader.get()) != (packing == Packing::gzip ? 2 : 1)) {
    throw Error("the download is damaged, or packed more than once; fetch it again", Retry::later);
  }
  return reader;
}

void check(int status) {
  if (status == ARCHIVE_OK || status == ARCHIVE_WARN || status == ARCHIVE_EOF) return;
  throw Error("the download is damaged or cut short; fetch it again", Retry::later);
}

bool is_wanted(archive* reader, archive_entry* entry) {
  // gzip without tar: one member, without a name of its own.
  if (::archive_format(reader) == ARCHIVE_FORMAT_RAW) return true;
  const char* name = ::archive_entry_pathname(entry);
  return name != nullptr && std::string_view(name).ends_with(".mmdb") &&
         ::archive_entry_filetype(entry) == AE_IFREG &&
         ::archive_entry_hardlink(entry) == nullptr && ::archive_entry_symlink(entry) == nullptr;
}

// The bytes of the member that was just read, holes as zeros.
void extract(archive* reader, Output& output) {
  char block[block_size];
  for (;;) {
    const la_ssize_t got = ::archive_read_data(reader, block, sizeof block);
    if (got < 0) check(static_cast<int>(got));
    if (got <= 0) return;
    output.write(block, static_cast<std::size_t>(got));
  }
}

// Reads past a member by hand: libarchive would unpack a bomb to its end before it came back.
void skip(archive* reader, std::uint64_t size_limit) {
  const void* block = nullptr;
  std::size_t count = 0;
  la_int64_t offset = 0;
  int status = ARCHIVE_OK;
  while ((status = ::archive_read_data_block(reader, &block, &count, &offset)) != ARCHIVE_EOF) {
    check(status);
    const auto unpacked = static_cast<std::uint64_t>(::archive_filter_bytes(reader, 0));
    if (unpacked > size_limit + headers) throw Output::too_large(size_limit);
  }
}

}  // namespace

void unpack(int from, int to, std::uint64_t size_limit) {
  Output output(to, size_limit);
  const Packing packing = packing_of(from);
  if (packing == Packing::none) return copy(from, output);
  const Reader reader = open(from, packing);
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = ::archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF)
      throw Error("the archive holds no regular .mmdb file; is it the right edition?");
    check(status);
    if (is_wanted(reader.get(), entry)) return extract(reader.get(), output);
    skip(reader.get(), size_limit);
  }
}

}  // namespace innkeeper::location
