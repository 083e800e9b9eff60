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

namespace innkeeper::location {

// Immutable and thread-safe once open. A file of up to 16 MiB is copied to memory of its own, a
// larger one is mapped; docs/decisions/0005-location-files.md says why, and what happens to one
// that is overwritten in place.
class Database {
 public:
  static constexpr std::uint64_t largest_copy = 16u << 20;

  enum class Answer {
    nothing,  // not of its family, or not in it
    place,
    damaged,  // the record cannot be read
  };

  // Opens and judges the file. Throws FileError with path and reason. `map_from` is for tests of
  // mapped files.
  static std::shared_ptr<const Database> open(const std::filesystem::path& path,
                                              std::uint64_t map_from = largest_copy + 1);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Fills `place` (empty before) with names in `language`. May throw std::bad_alloc, nothing else.
  Answer find(const IpAddress& address, std::string_view language, Location& place) const;

  // Reads some thousand records, evenly spread. Throws FileError where one is damaged or none tells
  // a place.
  void check_records() const;

  // False once a mapped file was overwritten or cut short in place: find() then knows nothing.
  bool usable() const { return !overwritten(); }

  const std::filesystem::path& path() const { return m_path; }
  const FileStamp& stamp() const { return m_stamp; }
  // 0 for files of cities, 2 for files of countries, 1 for what does not say.
  int rank() const;
  // "GeoLite2-City.mmdb: GeoLite2-City, built 2026-11-03", with the whole path.
  std::string describe() const;

 private:
  struct Library;

  Database(std::filesystem::path path, FileHandle file, const FileStamp& stamp, bool mapped);
  Answer read(std::uint32_t offset, std::string_view language, Location& place) const;
  Answer check(std::uint32_t offset, Location& place) const;
  bool overwritten() const;

  std::filesystem::path m_path;
  FileStamp m_stamp;
  FileHandle m_watched;  // the mapped file; none for a copy
  Metadata m_metadata;
  std::unique_ptr<Library> m_library;
};

}  // namespace innkeeper::location
