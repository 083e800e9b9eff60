// The bytes of a file in memory of our own, fetched a page at a time as they are asked for.
//
// A mapped file would do the same by itself, but who touches a mapping whose file was cut short
// (`cp new.mmdb old.mmdb`), or whose disk fails, is ended by SIGBUS. Here that is a page that
// cannot be had. And what was fetched is all of one state of the file: nothing is taken from it
// once it was written to.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "location/file.h"

namespace innkeeper::location {

// Thread-safe. The bytes of a page never change once it is there.
class PagedFile {
 public:
  // `stamp` is what `file` was when it was opened. Throws FileError, which starts with `name`,
  // where there is no room for it.
  PagedFile(FileHandle file, const FileStamp& stamp, const std::string& name);
  ~PagedFile();
  PagedFile(const PagedFile&) = delete;
  PagedFile& operator=(const PagedFile&) = delete;

  // Only what has() said yes to may be read.
  const std::uint8_t* data() const { return m_data; }
  std::size_t size() const { return m_size; }

  // Whether these bytes are in the file and in memory; fetches what is missing.
  bool has(std::size_t at, std::size_t count) const {
    if (at > m_size || count > m_size - at) return false;
    const std::size_t behind = at + count;
    for (std::size_t page = at / page_size; page * page_size < behind; ++page) {
      if (!m_fetched[page].load(std::memory_order_acquire) && !fetch(page)) return false;
    }
    return true;
  }

  // Fetches all of it, so that nothing that happens to the file matters any more. Throws FileError.
  void fetch_all(const std::string& name) const;
  // Whether somebody wrote to the file since it was opened. False after fetch_all().
  bool changed() const;
  // Bytes fetched so far.
  std::size_t resident() const { return m_pages.load(std::memory_order_relaxed) * page_size; }

 private:
  static constexpr std::size_t page_size = 4096;

  bool fetch(std::size_t page) const;
  bool was_written() const;

  FileStamp m_stamp;
  std::size_t m_size;
  mutable std::uint8_t* m_data = nullptr;
  std::unique_ptr<std::atomic<bool>[]> m_fetched;  // by page
  mutable std::atomic<std::size_t> m_pages{0};
  mutable std::atomic<bool> m_changed{false};
  mutable std::mutex m_filling;
  mutable FileHandle m_file;
};

}  // namespace innkeeper::location
