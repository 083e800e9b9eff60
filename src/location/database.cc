#include "location/database.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "location/data_reader.h"
#include "location/record.h"

namespace innkeeper::location {

// The library's handle: open as long as it lives.
struct Database::Library {
  Library(int descriptor, const std::string& name) {
    // Through the descriptor, so that it is the very file whose metadata was judged.
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    const int status = ::MMDB_open(path.c_str(), MMDB_MODE_MMAP, &handle);
    if (status == MMDB_SUCCESS) return;
    const std::string cause = status == MMDB_IO_ERROR || status == MMDB_FILE_OPEN_ERROR
                                  ? reason(errno) + "; /proc is needed"
                                  : ::MMDB_strerror(status);
    throw FileError(name + ": cannot be opened (" + cause + ")");
  }
  ~Library() { ::MMDB_close(&handle); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  MMDB_s handle{};
};

namespace {

FileHandle open_regular(const std::filesystem::path& path, FileStamp& stamp) {
  // Not blocking, because opening a pipe that is called x.mmdb would wait for ever.
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    throw FileError(path.string() + ": cannot be opened (" + reason(errno) + ")");
  }
  if (!S_ISREG(status.st_mode)) throw FileError(path.string() + ": is not a regular file");
  stamp = stamp_of(status);
  return file;
}

void write_all(int descriptor, const char* bytes, std::size_t count, const std::string& name) {
  while (count > 0) {
    const ssize_t put = ::write(descriptor, bytes, count);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw FileError(name + ": cannot be copied to memory (" + reason(errno) + ")");
    bytes += put;
    count -= static_cast<std::size_t>(put);
  }
}

// A copy that nobody can cut short under the mapping.
FileHandle copy_to_memory(const FileHandle& file, const std::string& name) {
  FileHandle copy(::memfd_create("innkeeper-location", MFD_CLOEXEC));
  if (!copy) throw FileError(name + ": cannot be copied to memory (" + reason(errno) + ")");
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError(name + ": cannot be read (" + reason(errno) + ")");
    if (got == 0) return copy;
    write_all(copy.get(), block, static_cast<std::size_t>(got), name);
  }
}

std::uint64_t size_of(const FileHandle& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

MMDB_lookup_result_s look_up(const MMDB_s& handle, const IpAddress& address, int& status) {
  const auto& bytes = address.bytes();
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
    return ::MMDB_lookup_sockaddr(&handle, reinterpret_cast<const sockaddr*>(&v4), &status);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
  return ::MMDB_lookup_sockaddr(&handle, reinterpret_cast<const sockaddr*>(&v6), &status);
}

bool mentions(std::string text, std::string_view word) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text.find(word) != std::string::npos;
}

}  // namespace

std::shared_ptr<const Database> Database::open(const std::filesystem::path& path,
                                               std::uint64_t map_from) {
  FileStamp stamp;
  FileHandle file = open_regular(path, stamp);
  const bool mapped = stamp.size >= map_from;
  if (!mapped) file = copy_to_memory(file, path.string());
  return std::shared_ptr<const Database>(new Database(path, std::move(file), stamp, mapped));
}

Database::Database(std::filesystem::path path, FileHandle file, const FileStamp& stamp, bool mapped)
    : m_path(std::move(path)),
      m_stamp(stamp),
      m_metadata(read_metadata(file.get(), size_of(file), m_path.string())),
      m_library(std::make_unique<Library>(file.get(), m_path.string())) {
  if (mapped) m_watched = std::move(file);
}

Database::~Database() = default;

// A mapped file that somebody cuts short would end the process (SIGBUS) at the next touch. Asking
// first costs a fifth of a microsecond and leaves a window of less than one, instead of the ten
// seconds to the next refresh.
bool Database::overwritten() const {
  if (!m_watched) return false;
  struct stat status {};
  if (::fstat(m_watched.get(), &status) != 0) return true;
  const FileStamp now = stamp_of(status);
  return now.size != m_stamp.size || now.modified != m_stamp.modified;
}

Database::Answer Database::find(const IpAddress& address, std::string_view language,
                                Location& place) const {
  if (m_metadata.ip_version == 4 && !address.is_v4()) return Answer::nothing;
  if (overwritten()) return Answer::nothing;
  int status = MMDB_SUCCESS;
  const auto result = look_up(m_library->handle, address, status);
  if (status != MMDB_SUCCESS) return Answer::damaged;
  return result.found_entry ? read(result.entry.offset, language, place) : Answer::nothing;
}

Database::Answer Database::read(std::uint32_t offset, std::string_view language,
                                Location& place) const {
  const MMDB_s& handle = m_library->handle;
  DataReader reader({handle.data_section, handle.data_section_size});
  if (!read_record(reader, offset, language, place)) {
    place = {};
    return Answer::damaged;
  }
  return says_something(place) ? Answer::place : Answer::nothing;
}

// Reads all of the record, also what a look-up leaves out.
Database::Answer Database::check(std::uint32_t offset, Location& place) const {
  DataReader reader({m_library->handle.data_section, m_library->handle.data_section_size});
  std::size_t at = offset;
  Value record;
  if (!reader.read(at, record) || !reader.check(record)) return Answer::damaged;
  return read(offset, "en", place);
}

void Database::check_records() const {
  constexpr std::uint64_t samples = 4096;
  const std::uint64_t step = std::max<std::uint64_t>(m_metadata.node_count / samples, 1);
  bool tells = false;
  for (std::uint64_t number = 0; number < m_metadata.node_count; number += step) {
    MMDB_search_node_s node;
    Answer answers[] = {Answer::nothing, Answer::nothing};
    const int status =
        ::MMDB_read_node(&m_library->handle, static_cast<std::uint32_t>(number), &node);
    Location left, right;
    if (status == MMDB_SUCCESS && node.left_record_type == MMDB_RECORD_TYPE_DATA)
      answers[0] = check(node.left_record_entry.offset, left);
    if (status == MMDB_SUCCESS && node.right_record_type == MMDB_RECORD_TYPE_DATA)
      answers[1] = check(node.right_record_entry.offset, right);
    if (status != MMDB_SUCCESS || std::count(answers, answers + 2, Answer::damaged) > 0)
      throw FileError(m_path.string() + ": has damaged records; fetch it again");
    tells = tells || std::count(answers, answers + 2, Answer::place) > 0;
  }
  if (!tells)
    throw FileError(m_path.string() + ": tells no places; a City or Country file is needed");
}

int Database::rank() const {
  const std::string name = m_metadata.database_type + ' ' + m_path.filename().string();
  if (mentions(name, "city") || mentions(name, "enterprise")) return 0;
  return mentions(name, "country") ? 2 : 1;
}

std::string Database::describe() const {
  using namespace std::chrono;
  // Beyond the year 9999 nobody meant the date.
  constexpr std::uint64_t last_second = 253402300799;
  const auto epoch = sys_seconds(
      seconds(static_cast<std::int64_t>(std::min(m_metadata.build_epoch, last_second))));
  const year_month_day date(floor<days>(epoch));
  char built[16];
  std::snprintf(built, sizeof built, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return m_path.string() + ": " + m_metadata.database_type + ", built " + built;
}

}  // namespace innkeeper::location
