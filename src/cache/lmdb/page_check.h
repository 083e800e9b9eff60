// Looks for damage in an LMDB file before LMDB maps it.
//
// LMDB trusts its pages: a garbage page is an assertion or a wild pointer, a truncated file a
// SIGBUS. So the first process to open a cache reads every page that is in use, by read(2), and
// follows every reference once: page numbers, kinds, bounds of nodes, sizes, the list of free
// pages. It cannot tell a changed byte inside a key or a value: the seal of an entry
// (cache/entry.h) does. Layout: mdb.c of LMDB 0.9, data version 1, 64-bit little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace innkeeper::cache::lmdb {

enum class FileState {
  absent,    // not there, or empty: LMDB makes a new one
  sound,     // every page in use was looked at
  damaged,   // an LMDB file, or one that was: not to be mapped
  not_lmdb,  // the magic number is missing
};

struct FileCheck {
  FileState state;
  std::string damage;          // what is wrong, for people
  std::uint64_t map_size = 0;  // that its makers mapped, where it is sound
  std::uint64_t size = 0;      // of the file, where it is sound
};

// Reads the whole of a file in use: some 100 ms for 200 MB in the page cache. Throws CacheError
// where the file cannot be read.
FileCheck check_pages(const std::filesystem::path& file);
// Reads the two meta pages only: whether the file is one of LMDB's, and how large its map is.
FileCheck check_meta_pages(const std::filesystem::path& file);

}  // namespace innkeeper::cache::lmdb
