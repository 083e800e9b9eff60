// An IP address → a place, from any MMDB file.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/log.h"

namespace innkeeper::location {

// The fields that Django's GeoIP2.city() gives; empty texts and absent numbers where the file does
// not know.
struct Location {
  std::string city, region_code, region_name, postal_code;
  std::string continent_code, continent_name, country_code, country_name, time_zone;
  std::optional<double> latitude, longitude;
  std::optional<int> accuracy_radius, metro_code;  // kilometres; US only
  std::optional<bool> is_in_european_union;

  // "Linköping, Sweden"; "Sweden"; empty where neither is known.
  std::string text() const;
};

// Holds one or several MMDB files open (MaxMind's nested schema or the flat one of DB-IP and
// others), looks in City files before Country files, in the file of the address's family. A
// replaced file is picked up at the next look-up after `refresh_every`; look-ups under way finish
// on the old one. Thread-safe.
class LocationReader {
 public:
  // `path` is a file, a folder (every *.mmdb in it) or empty (knows nothing). A missing or broken
  // file is named in the log with its reason, and the reader goes on with what it has. `language`
  // is that of the names where a file has several. `clock` times the looking for replaced files; it
  // and `log` outlive the reader (null: the machine's clock).
  LocationReader(std::filesystem::path path, Log& log, std::string language = "en",
                 const Clock* clock = nullptr);
  ~LocationReader();

  // Nothing for local addresses and those that no file knows; never throws, logs nothing for a
  // miss.
  std::optional<Location> find(const IpAddress& address) const;

  // Looks whether files were replaced, added or removed (by inode, size and time of change) and
  // swaps them in. Called by `find` at most every 10 seconds, and by whoever wants it now.
  void refresh() const;

  // One line a file, for people: path, database type, build date.
  std::string describe() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper::location
