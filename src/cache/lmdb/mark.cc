#include "cache/lmdb/mark.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace innkeeper::cache::lmdb {

namespace {

constexpr long long presence_byte = 0;
constexpr long long maintenance_byte = 1;
// Raise the number when the layout of keys or values in data.mdb changes.
constexpr char format_line[] = "innkeeper lmdb cache 1\n";

std::string current_content() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot_id;
  std::getline(file, boot_id);
  return format_line + boot_id + "\n";
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* action) {
  const std::string reason = std::strerror(errno);
  throw CacheError("lmdb cache: cannot " + std::string(action) + " " + path.string() + ": " +
                   reason +
                   "; check the directory's owner, its permissions and the room on its disk");
}

}  // namespace

Mark::Mark(const std::filesystem::path& directory)
    : m_path(directory / "innkeeper.mark"),
      m_file(::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660)) {
  if (m_file < 0) fail(m_path, "open");
}

Mark::~Mark() { ::close(m_file); }

bool Mark::lock(short type, long long byte, bool wait) {
  struct flock request {};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  request.l_start = byte;
  request.l_len = 1;
  while (::fcntl(m_file, wait ? F_OFD_SETLKW : F_OFD_SETLK, &request) != 0) {
    if (errno == EAGAIN || errno == EACCES) return false;
    if (errno != EINTR) fail(m_path, "lock");
  }
  return true;
}

Mark::Maintenance::Maintenance(Mark& mark) : m_mark(mark) {
  m_mark.lock(F_WRLCK, maintenance_byte, true);
}

Mark::Maintenance::~Maintenance() {
  struct flock request {};
  request.l_type = F_UNLCK;
  request.l_whence = SEEK_SET;
  request.l_start = maintenance_byte;
  request.l_len = 1;
  ::fcntl(m_mark.m_file, F_OFD_SETLK, &request);
}

void Mark::announce() { lock(F_RDLCK, presence_byte, true); }

bool Mark::others_announced() {
  struct flock request {};
  request.l_type = F_WRLCK;
  request.l_whence = SEEK_SET;
  request.l_start = presence_byte;
  request.l_len = 1;
  if (::fcntl(m_file, F_OFD_GETLK, &request) != 0) fail(m_path, "lock");
  return request.l_type != F_UNLCK;
}

std::string Mark::read() const {
  char text[512];
  const ssize_t size = ::pread(m_file, text, sizeof text, 0);
  if (size < 0) fail(m_path, "read");
  return {text, static_cast<std::size_t>(size)};
}

Mark::Content Mark::content() const {
  const std::string found = read();
  if (found.empty()) return Content::none;
  return found.starts_with(current_content()) ? Content::current : Content::earlier;
}

bool Mark::names(const Files& files) const { return read() == current_content() + files.to_text(); }

// Never empty in between: who is killed there would leave files that nobody vouches for.
void Mark::write_current(const Files& files) {
  const std::string text = current_content() + files.to_text();
  const auto size = static_cast<ssize_t>(text.size());
  if (::pwrite(m_file, text.data(), text.size(), 0) != size) fail(m_path, "write");
  if (::ftruncate(m_file, size) != 0) fail(m_path, "write");
}

}  // namespace innkeeper::cache::lmdb
