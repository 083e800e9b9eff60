#include "location/download.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "location/database.h"
#include "location/file.h"
#include "location/transfer.h"
#include "location/unpack.h"

namespace innkeeper::location {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_prefix = ".innkeeper-download-";
constexpr std::int64_t abandoned_after =
    3600;  // seconds without a byte: longer than any stall is borne

// A file of no lasting name, removed when it goes, unless it was put in place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& directory)
      : m_path((directory / (std::string(temporary_prefix) + "XXXXXX")).string()),
        m_file(::mkostemp(m_path.data(), O_CLOEXEC)) {
    if (!m_file)
      throw FileError(directory.string() + ": cannot be written to (" + reason(errno) + ")");
  }
  ~TemporaryFile() {
    if (!m_path.empty()) ::unlink(m_path.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return m_file.get(); }
  const std::string& path() const { return m_path; }

  void write(const char* bytes, std::size_t count) const {
    while (count > 0) {
      const ssize_t put = ::write(m_file.get(), bytes, count);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) throw FileError(m_path + ": cannot be written (" + reason(errno) + ")");
      bytes += put;
      count -= static_cast<std::size_t>(put);
    }
  }
  void put_in_place(const fs::path& target) {
    if (::fsync(m_file.get()) != 0 || ::rename(m_path.c_str(), target.c_str()) != 0) {
      throw FileError(target.string() + ": cannot be replaced (" + reason(errno) + ")");
    }
    m_path.clear();
  }

 private:
  std::string m_path;
  FileHandle m_file;
};

// What a download that was killed left behind. Those of another one under way are younger.
void remove_abandoned(const fs::path& directory) {
  std::error_code ignored;
  const std::int64_t now = ::time(nullptr);
  for (fs::directory_iterator entry(directory, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const fs::path& path = entry->path();
    struct stat status {};
    if (!path.filename().native().starts_with(temporary_prefix) ||
        ::lstat(path.c_str(), &status) != 0)
      continue;
    if (S_ISREG(status.st_mode) && status.st_mtim.tv_sec < now - abandoned_after)
      ::unlink(path.c_str());
  }
}

bool is_name_part(std::string_view text) {
  return !text.empty() && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
         });
}

// Whether `name` ends in this pattern: d is a digit, - one of the usual separators.
bool ends_like(std::string_view name, std::string_view pattern) {
  if (name.size() <= pattern.size()) return false;
  name.remove_prefix(name.size() - pattern.size());
  return std::equal(name.begin(), name.end(), pattern.begin(), [](unsigned char c, char wanted) {
    return wanted == 'd' ? std::isdigit(c) != 0 : c == '-' || c == '_' || c == '.';
  });
}

// https://host/dbip-city-lite-2026-11.mmdb.gz → dbip-city-lite.mmdb: next month's takes its place.
std::string name_in(std::string_view url) {
  std::string_view name = url.substr(0, url.find_first_of("?#"));
  name.remove_prefix(std::min(name.rfind('/') + 1, name.size()));
  for (const std::string_view packing : {".gz", ".tgz", ".tar", ".mmdb"}) {
    if (name.ends_with(packing)) name.remove_suffix(packing.size());
  }
  for (const std::string_view date : {"-dddd-dd-dd", "-dddddddd", "-dddd-dd", "-dddddd"}) {
    if (!ends_like(name, date)) continue;
    name.remove_suffix(date.size());
    break;
  }
  return is_name_part(name) ? std::string(name) + ".mmdb" : "location.mmdb";
}

Secret maxmind_url(const DownloadRequest& request, std::string_view suffix) {
  std::string url = request.base_url;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "edition_id=" + escape(request.edition) + "&suffix=" + std::string(suffix);
  return Secret(url + "&license_key=" + escape(request.license_key.reveal()));
}

void check_request(const DownloadRequest& request) {
  if (!request.direct_url.empty()) return;
  if (request.license_key.empty())
    throw ConfigError("MAXMIND_LICENSE_KEY: a licence key is needed to download from MaxMind");
  if (!is_name_part(request.edition))
    throw ConfigError("the edition is a name such as GeoLite2-City");
  if (!request.base_url.starts_with("https://"))
    throw ConfigError(
        "the base URL must begin with https://, because the licence key is sent to it");
}

TransferRequest transfer_request(const DownloadRequest& request, Secret url) {
  TransferRequest asked;
  asked.url = std::move(url);
  asked.allow_http = !request.direct_url.empty();
  asked.ca_file = request.ca_file;
  asked.connect_timeout = request.connect_timeout;
  asked.stall_timeout = request.stall_timeout;
  asked.size_limit = request.size_limit;
  return asked;
}

void check_status(const TransferResult& result, const Secret& url, bool with_key) {
  if (result.status == 200) return;
  const std::string answer = host_of(url) + ": answered HTTP " + std::to_string(result.status);
  if (with_key && (result.status == 401 || result.status == 403)) {
    throw Error(answer +
                "; the licence key (MAXMIND_LICENSE_KEY) is wrong, or may not fetch this edition");
  }
  const bool later = result.status >= 500 || result.status == 429;
  throw Error(answer + (later ? "; try again later" : "; check the URL and the edition"),
              later ? Retry::later : Retry::never);
}

// The time of a file that is in place and sound; a broken one is fetched anew, and one that is said
// to come from the future: nothing would be newer.
std::optional<std::int64_t> time_in_place(const fs::path& target) {
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) return std::nullopt;
  if (status.st_mtim.tv_sec > ::time(nullptr)) return std::nullopt;
  try {
    Database::open(target)->check_records();
    return status.st_mtim.tv_sec;
  } catch (const FileError&) {
    return std::nullopt;
  }
}

std::string digest_of(const TemporaryFile& file) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) throw FileError(file.path() + ": " + reason(errno));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return to_hex(as_text(sha256({})));
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (bytes == MAP_FAILED)
    throw FileError(file.path() + ": cannot be read back (" + reason(errno) + ")");
  const std::string hex = to_hex(as_text(sha256({static_cast<const char*>(bytes), size})));
  ::munmap(bytes, size);
  return hex;
}

// MaxMind publishes "DIGEST  NAME.tar.gz" under another suffix; a mirror may not.
void check_digest(const DownloadRequest& request, const TemporaryFile& packed) {
  constexpr std::size_t digits = 64;
  std::string text;
  TransferRequest asked = transfer_request(request, maxmind_url(request, "tar.gz.sha256"));
  asked.size_limit = 4096;
  asked.write = [&](const char* bytes, std::size_t count) { text.append(bytes, count); };
  const TransferResult result = transfer(asked);
  if (result.status == 400 || result.status == 404 || result.status == 410) return;
  check_status(result, asked.url, true);
  std::string published = text.substr(0, text.find_first_of(" \t\r\n"));
  std::transform(published.begin(), published.end(), published.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (published.size() != digits || published != digest_of(packed)) {
    throw Error(
        host_of(asked.url) + ": the download does not match its published SHA-256; fetch it again",
        Retry::later);
  }
}

// Checks what was unpacked, gives it the server's time and the mode of what it replaces, and puts
// it in place.
void install(TemporaryFile& unpacked, const fs::path& target, const TransferResult& result) {
  try {
    Database::open(unpacked.path())->check_records();
  } catch (const FileError& error) {
    const std::string message = error.what();
    throw Error("the download is no use" +
                message.substr(std::min(unpacked.path().size(), message.size())));
  }
  struct stat before {};
  const mode_t mode = ::stat(target.c_str(), &before) == 0 ? before.st_mode & 0777 : 0644;
  if (::fchmod(unpacked.descriptor(), mode) != 0)
    throw FileError(unpacked.path() + ": " + reason(errno));
  if (result.last_modified) {
    // The server's clock may be wrong.
    const timespec time{std::min(static_cast<time_t>(*result.last_modified), ::time(nullptr)), 0};
    const timespec times[] = {time, time};
    ::futimens(unpacked.descriptor(), times);
  }
  unpacked.put_in_place(target);
  const FileHandle directory(
      ::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) ::fsync(directory.get());
}

}  // namespace

fs::path download_target(const DownloadRequest& request) {
  if (!request.file_name.empty()) return request.directory / request.file_name;
  return request.directory /
         (request.direct_url.empty() ? request.edition + ".mmdb" : name_in(request.direct_url));
}

DownloadResult download(const DownloadRequest& request) {
  check_request(request);
  const bool with_key = request.direct_url.empty();
  const fs::path target = download_target(request);
  std::error_code error;
  fs::create_directories(request.directory, error);
  remove_abandoned(request.directory);
  TemporaryFile packed(request.directory), unpacked(request.directory);

  TransferRequest asked = transfer_request(
      request, with_key ? maxmind_url(request, "tar.gz") : Secret(request.direct_url));
  asked.modified_since = time_in_place(target);
  asked.write = [&](const char* bytes, std::size_t count) { packed.write(bytes, count); };
  asked.progress = request.progress;
  const TransferResult result = transfer(asked);
  if (result.not_modified && asked.modified_since) return DownloadResult::not_modified;
  check_status(result, asked.url, with_key);
  if (with_key) check_digest(request, packed);
  unpack(packed.descriptor(), unpacked.descriptor(), request.size_limit);
  install(unpacked, target, result);
  return DownloadResult::replaced;
}

}  // namespace innkeeper::location
