#include "cache/lmdb/page_check.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace innkeeper::cache::lmdb {

namespace {

using PageNumber = std::uint64_t;
constexpr PageNumber no_page = ~PageNumber{0};
constexpr std::size_t header_size = 16;
constexpr std::size_t node_header_size = 8;
constexpr std::uint16_t branch_page = 0x01, leaf_page = 0x02, overflow_page = 0x04;
constexpr std::uint16_t big_node = 0x01;

struct PageHeader {
  PageNumber number;
  std::uint16_t pad, flags, lower,
      upper;  // lower and upper are one count of pages in an overflow page
};
static_assert(sizeof(PageHeader) == header_size);

struct Tree {
  std::uint32_t pad;  // the page size, in the first tree of a meta page
  std::uint16_t flags, depth;
  std::uint64_t branch_pages, leaf_pages, overflow_pages, entries;
  PageNumber root;
};
static_assert(sizeof(Tree) == 48);

struct Meta {
  std::uint32_t magic, version;
  std::uint64_t address, map_size;
  Tree free_pages, main;
  PageNumber last_page;
  std::uint64_t transaction;
};
static_assert(sizeof(Meta) == 136);

struct Node {
  std::uint16_t low, high, flags, key_size;
};
static_assert(sizeof(Node) == node_header_size);

struct Damage {
  std::string what;
};

template <class T>
T read_as(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : m_path(path), m_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (m_file < 0 && errno != ENOENT) fail();
    struct stat status {};
    if (m_file >= 0 && ::fstat(m_file, &status) != 0) fail();
    m_size = static_cast<std::uint64_t>(status.st_size);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (m_file >= 0) ::close(m_file);
  }
  std::uint64_t size() const { return m_size; }
  void read(std::uint64_t at, char* to, std::size_t count) const {
    const ssize_t got = ::pread(m_file, to, count, static_cast<off_t>(at));
    if (got < 0) fail();
    if (static_cast<std::size_t>(got) != count) throw Damage{"it is cut short"};
  }

 private:
  [[noreturn]] void fail() const {
    throw CacheError("lmdb cache: cannot read " + m_path.string() + ": " + std::strerror(errno) +
                     "; check its owner and permissions");
  }
  std::filesystem::path m_path;
  int m_file;
  std::uint64_t m_size = 0;
};

// The newer of the two meta pages, which is the one in force.
Meta read_meta(const File& file) {
  std::uint32_t page_size = 4096;
  Meta metas[2];
  for (unsigned i = 0; i < 2; ++i) {
    char bytes[header_size + sizeof(Meta)];
    file.read(std::uint64_t{i} * page_size, bytes, sizeof bytes);
    metas[i] = read_as<Meta>(bytes + header_size);
    if (metas[i].magic != 0xBEEFC0DE) throw Damage{"it has no LMDB meta page"};
    if (metas[i].version != 1) throw Damage{"it has another LMDB version"};
    page_size = metas[0].free_pages.pad;
    const bool power_of_two = page_size != 0 && (page_size & (page_size - 1)) == 0;
    if (!power_of_two || page_size < 512 || page_size > 65536 ||
        metas[i].free_pages.pad != page_size) {
      throw Damage{"its page size is impossible"};
    }
  }
  if (file.size() < 2 * std::uint64_t{page_size}) throw Damage{"it is cut short"};
  const Meta meta = metas[metas[0].transaction < metas[1].transaction ? 1 : 0];
  // The two meta pages are pages themselves.
  if (meta.last_page < 1 || meta.last_page >= meta.map_size / page_size)
    throw Damage{"its meta page is impossible"};
  return meta;
}

// Follows every reference from the roots, once.
class Walk {
 public:
  Walk(const File& file, const Meta& meta)
      : m_file(file),
        m_meta(meta),
        m_page_size(meta.free_pages.pad),
        m_seen(count_pages(), false) {}

  void run() {
    m_seen.at(0) = m_seen.at(1) = true;
    visit_tree(m_meta.free_pages);
    m_in_free_list = false;
    visit_tree(m_meta.main);
  }

 private:
  std::size_t count_pages() const {
    const PageNumber in_file = m_file.size() / m_page_size;
    return static_cast<std::size_t>(std::min(in_file, m_meta.last_page + 1));
  }

  void visit_tree(const Tree& tree) {
    if (tree.root != no_page) visit(tree.root, tree.depth);
  }

  void claim(PageNumber page, PageNumber count) {
    if (page >= m_seen.size() || count > m_seen.size() - page) throw Damage{"it is cut short"};
    for (PageNumber i = page; i < page + count; ++i) {
      if (m_seen[i]) throw Damage{"a page is used twice"};
      m_seen[i] = true;
    }
  }

  PageHeader read_header(PageNumber page, const char* bytes) const {
    const auto header = read_as<PageHeader>(bytes);
    if (header.number != page) throw Damage{"a page has another's number"};
    return header;
  }

  // `levels`: how deep the tree still is, this page counted; every leaf is at the same depth.
  void visit(PageNumber page, unsigned levels) {
    if (levels == 0 || levels > 32) throw Damage{"its tree has the wrong depth"};
    claim(page, 1);
    std::vector<char> bytes(m_page_size);
    m_file.read(page * m_page_size, bytes.data(), bytes.size());
    const PageHeader header = read_header(page, bytes.data());
    const bool branch = levels > 1;
    if (header.flags != (branch ? branch_page : leaf_page))
      throw Damage{"a page is of another kind"};
    if (header.lower < header_size || header.upper < header.lower || header.upper > m_page_size) {
      throw Damage{"a page has impossible bounds"};
    }
    const std::size_t keys = (header.lower - header_size) / 2;
    if (keys < (branch && !m_in_free_list ? 2u : 1u)) throw Damage{"a page is empty"};
    for (std::size_t i = 0; i < keys; ++i) {
      const auto at = read_as<std::uint16_t>(&bytes[header_size + 2 * i]);
      if (at < header.upper || at + node_header_size > m_page_size)
        throw Damage{"a node is outside its page"};
      branch ? visit_branch_node(bytes, at, levels) : visit_leaf_node(bytes, at);
    }
  }

  void visit_branch_node(const std::vector<char>& bytes, std::size_t at, unsigned levels) {
    const auto node = read_as<Node>(&bytes[at]);
    if (at + node_header_size + node.key_size > m_page_size)
      throw Damage{"a key is outside its page"};
    visit(node.low | PageNumber{node.high} << 16 | PageNumber{node.flags} << 32, levels - 1);
  }

  void visit_leaf_node(const std::vector<char>& bytes, std::size_t at) {
    const auto node = read_as<Node>(&bytes[at]);
    const std::size_t size = node.low | std::size_t{node.high} << 16;
    const std::size_t data = at + node_header_size + node.key_size;
    const bool big = node.flags == big_node;
    if (!big && node.flags != 0) throw Damage{"a node is of another kind"};
    if (data + (big ? sizeof(PageNumber) : size) > m_page_size)
      throw Damage{"a value is outside its page"};
    if (m_in_free_list && node.key_size != 8) throw Damage{"its list of free pages is not one"};
    if (big) {
      visit_overflow(read_as<PageNumber>(&bytes[data]), size);
    } else if (m_in_free_list) {
      check_free_list(&bytes[data], size);
    }
  }

  void visit_overflow(PageNumber page, std::size_t size) {
    const PageNumber pages = (header_size + size - 1) / m_page_size + 1;
    claim(page, pages);
    std::vector<char> bytes(m_in_free_list ? header_size + size : header_size);
    m_file.read(page * m_page_size, bytes.data(), bytes.size());
    const PageHeader header = read_header(page, bytes.data());
    const PageNumber counted = header.lower | PageNumber{header.upper} << 16;
    if (header.flags != overflow_page || counted != pages) throw Damage{"a large value is not one"};
    if (m_in_free_list) check_free_list(&bytes[header_size], size);
  }

  // A count, then as many page numbers, descending.
  void check_free_list(const char* list, std::size_t size) {
    const auto count = size < 8 ? 0 : read_as<PageNumber>(list);
    if (size < 8 || count > size / 8 - 1) throw Damage{"its list of free pages is not one"};
    PageNumber above = m_meta.last_page + 1;
    for (PageNumber i = 1; i <= count; ++i) {
      const auto page = read_as<PageNumber>(list + i * 8);
      if (page < 2 || page >= above) throw Damage{"its list of free pages is not one"};
      above = page;
    }
  }

  const File& m_file;
  const Meta m_meta;
  const std::size_t m_page_size;
  std::vector<bool> m_seen;
  bool m_in_free_list = true;
};

bool has_magic(const File& file) {
  if (file.size() < header_size + sizeof(Meta)) return false;
  char magic[4];
  file.read(header_size, magic, sizeof magic);
  return read_as<std::uint32_t>(magic) == 0xBEEFC0DE;
}

FileCheck check(const std::filesystem::path& path, bool every_page) {
  const File file(path);
  if (file.size() == 0) return {FileState::absent, {}};
  if (!has_magic(file)) return {FileState::not_lmdb, "it has no LMDB meta page"};
  try {
    const Meta meta = read_meta(file);
    if (every_page) Walk(file, meta).run();
    return {FileState::sound, {}, meta.map_size, file.size()};
  } catch (const Damage& damage) {
    return {FileState::damaged, damage.what};
  }
}

}  // namespace

FileCheck check_pages(const std::filesystem::path& file) { return check(file, true); }
FileCheck check_meta_pages(const std::filesystem::path& file) { return check(file, false); }

}  // namespace innkeeper::cache::lmdb
