// One open MMDB file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "location/file.h"
#include "location/location.h"
#include "location/metadata.h"
#include "location/paged_file.h"
#include "location/remembered_places.h"
#include "location/search_tree.h"

namespace innkeeper::location {

// Thread-safe. A file of up to 16 MiB is read whole, of a larger one those pages that are looked
// at; docs/decisions/0005-location-files.md says why, and what happens to one that is overwritten
// in place.
class Database {
 public:
  static constexpr std::uint64_t largest_whole = 16u << 20;
  // Of a larger file so much is kept; then it is opened anew.
  static constexpr std::size_t most_kept = 32u << 20;

  enum class Answer {
    nothing,  // not of its family, or not in it
    place,
    damaged,  // the record cannot be read
  };

  // Opens and judges the file. Throws FileError with path and reason. `paged_from` is for tests of
  // large files.
  static std::shared_ptr<const Database> open(const std::filesystem::path& path,
                                              std::uint64_t paged_from = largest_whole + 1);

  // Fills `place` (empty before) with names in `language`. May throw std::bad_alloc, nothing else.
  Answer find(const IpAddress& address, std::string_view language, Location& place) const;

  // Reads some thousand records, evenly spread. Throws FileError where one is damaged or none tells
  // a place.
  void check_records() const;

  // False once a large file was overwritten or cut short in place: find() then knows only what
  // stands in the pages that were looked at before.
  bool usable() const { return !m_file.changed(); }
  // Whether so much of it is in memory that it had better be opened anew.
  bool is_full() const { return m_paged && m_file.resident() > most_kept; }

  const std::filesystem::path& path() const { return m_path; }
  const FileStamp& stamp() const { return m_stamp; }
  // 0 for files of cities, 2 for files of countries, 1 for what does not say.
  int rank() const;
  // "GeoLite2-City.mmdb: GeoLite2-City, built 2026-11-03", with the whole path.
  std::string describe() const;

 private:
  Database(std::filesystem::path path, FileHandle file, const FileStamp& stamp, bool paged);
  Answer read(const Leaf& leaf, std::string_view language, Location& place) const;
  bool tells_place(const Leaf& leaf) const;

  std::filesystem::path m_path;
  FileStamp m_stamp;
  bool m_paged;
  Metadata m_metadata;
  PagedFile m_file;
  SearchTree m_tree;
  mutable RememberedPlaces m_remembered;
};

}  // namespace innkeeper::location
