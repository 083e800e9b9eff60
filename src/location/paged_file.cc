#include "location/paged_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

namespace innkeeper::location {

namespace {

// False where the file does not hold so much, or cannot be read.
bool read_at(int descriptor, std::uint8_t* bytes, std::size_t count, std::size_t at) {
  while (count > 0) {
    const ssize_t got = ::pread(descriptor, bytes, count, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    at += static_cast<std::size_t>(got);
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

PagedFile::PagedFile(FileHandle file, const FileStamp& stamp, const std::string& name)
    : m_stamp(stamp),
      m_size(static_cast<std::size_t>(stamp.size)),
      m_fetched(std::make_unique<std::atomic<bool>[]>(m_size / page_size + 1)),
      m_file(std::move(file)) {
  // Only what is written to takes memory.
  void* const room = ::mmap(nullptr, std::max<std::size_t>(m_size, 1), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) throw FileError(name + ": no memory for it (" + reason(errno) + ")");
  m_data = static_cast<std::uint8_t*>(room);
  // Else the kernel may give two megabytes for each page.
  ::madvise(room, m_size, MADV_NOHUGEPAGE);
}

PagedFile::~PagedFile() { ::munmap(m_data, std::max<std::size_t>(m_size, 1)); }

bool PagedFile::was_written() const {
  struct stat status {};
  if (::fstat(m_file.get(), &status) != 0) return true;
  const FileStamp now = stamp_of(status);
  // Not the inode's own time: a rename or another link changes that.
  return now.size != m_stamp.size || now.modified != m_stamp.modified;
}

bool PagedFile::changed() const {
  if (m_file && was_written()) m_changed.store(true, std::memory_order_relaxed);
  return m_changed.load(std::memory_order_relaxed);
}

bool PagedFile::fetch(std::size_t page) const {
  if (m_changed.load(std::memory_order_relaxed)) return false;
  std::uint8_t bytes[page_size];
  const std::size_t at = page * page_size;
  const std::size_t count = std::min(page_size, m_size - at);
  // Asked after the read: what was read before a change is of the old state.
  if (!read_at(m_file.get(), bytes, count, at) || changed()) return false;
  // Short, and no call to the kernel under it: a child that is forked meanwhile finds it locked.
  const std::lock_guard lock(m_filling);
  if (m_fetched[page].load(std::memory_order_relaxed)) return true;
  std::memcpy(m_data + at, bytes, count);
  m_fetched[page].store(true, std::memory_order_release);
  m_pages.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void PagedFile::fetch_all(const std::string& name) const {
  if (!has(0, m_size)) throw FileError(name + ": changed while it was read; try again");
  m_file = FileHandle();
}

}  // namespace innkeeper::location
