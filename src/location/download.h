// Fetching an MMDB file: MaxMind's archives with a licence key, or any URL of a plain or gzipped
// .mmdb.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace innkeeper::location {

struct DownloadRequest {
  std::filesystem::path directory;  // where the file goes; made where it is missing
  std::string file_name;            // what it is called there; empty: see download_target
  Secret license_key;               // MAXMIND_LICENSE_KEY; not needed for a direct URL
  std::string base_url = "https://download.maxmind.com/app/geoip_download";
  std::string edition = "GeoLite2-City";  // or GeoLite2-Country
  std::string direct_url;         // not empty: this URL of .mmdb, .mmdb.gz or .tar.gz instead
  std::filesystem::path ca_file;  // empty: the system's certificates
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{30};  // next to no byte for so long
  std::uint64_t size_limit = 1u << 30;     // of the file, unpacked
  // Called now and then from download(): bytes so far and in all (0 where unknown).
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

enum class DownloadResult {
  replaced,      // a new file is in place
  not_modified,  // the server has nothing newer than what is there
};

// Fetches to a temporary file beside the target, checks the published SHA-256 where the server
// offers one, takes only a regular member named *.mmdb from an archive, opens and verifies it, then
// renames it into place. Throws Error (never with the key in it) and leaves what was there. HTTPS
// is verified; http:// is taken only for an explicit URL. `If-Modified-Since` carries the time of
// the file in place.
//
// The key goes to the server in the query of an https:// URL and nowhere else. A 304, or an answer
// that is no newer than the file in place, changes nothing; a file in place that is broken is
// fetched whatever its age. A redirect is followed, never from https:// to http://. Files that an
// earlier, killed download left are removed. `Error::retry()` says whether to try again.
//
// May be called from any thread, also from several at once: each writes a temporary file of its
// own, and of two downloads to one target the later rename counts. Blocks until it is done;
// `progress` is called on the calling thread.
DownloadResult download(const DownloadRequest& request);

// Where the file goes: DIRECTORY/FILE_NAME, without one DIRECTORY/EDITION.mmdb, or for a direct URL
// the name in it without date and packing
// ("dbip-city-lite-2026-11.mmdb.gz" → "dbip-city-lite.mmdb"; "location.mmdb" where it has none).
std::filesystem::path download_target(const DownloadRequest& request);

}  // namespace innkeeper::location
