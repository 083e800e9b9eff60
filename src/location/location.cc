#include "location/location.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "location/database.h"

namespace innkeeper::location {

namespace {

// What is open: cities before countries, then by name. Shared by the look-ups under way, never
// changed.
using Databases = std::vector<std::shared_ptr<const Database>>;
using Snapshot = std::shared_ptr<const Databases>;

constexpr auto refresh_every = std::chrono::seconds(10);

// The snapshot that look-ups use. Taking it must not make threads wait for one another, so each
// thread has one of a few places, with a lock and a reference count of its own.
class Published {
 public:
  Snapshot take() const {
    Place& place =
        m_places[std::hash<std::thread::id>{}(std::this_thread::get_id()) % m_places.size()];
    const std::lock_guard lock(place.mutex);
    return place.snapshot;
  }
  void put(const Snapshot& snapshot) {
    for (Place& place : m_places) {
      auto own_count = std::make_shared<const Databases>(*snapshot);
      const std::lock_guard lock(place.mutex);
      place.snapshot.swap(own_count);
    }
  }

 private:
  struct alignas(64) Place {
    std::mutex mutex;
    Snapshot snapshot = std::make_shared<const Databases>();
  };
  mutable std::array<Place, 16> m_places;
};

bool ends_in_mmdb(const std::filesystem::path& path) {
  return path.extension() == ".mmdb" && path.filename().native().front() != '.';
}

}  // namespace

struct LocationReader::State {
  State(std::filesystem::path given, Log& to, std::string names_in, const Clock* time)
      : path(std::move(given)),
        log(to),
        language(std::move(names_in)),
        clock(time != nullptr ? *time : system_clock) {}

  std::optional<std::vector<std::filesystem::path>> list_files();
  std::shared_ptr<const Database> open_or_keep(const std::filesystem::path& file,
                                               const Snapshot& before);
  void complain(const std::filesystem::path& about, const std::string& line);
  void swap_in_changes();
  void refresh();
  bool due();

  const std::filesystem::path path;
  Log& log;
  const std::string language;
  const SystemClock system_clock;
  const Clock& clock;

  Published published;
  std::atomic<Time::rep> next_refresh{0};
  std::mutex refreshing;                                    // guards what follows
  std::map<std::filesystem::path, FileStamp> refused;       // broken as they are
  std::map<std::filesystem::path, std::string> complaints;  // said already
  std::vector<std::pair<LogLevel, std::string>> lines;      // to be written once the lock is free
};

void LocationReader::State::complain(const std::filesystem::path& about, const std::string& line) {
  if (std::exchange(complaints[about], line) != line) lines.emplace_back(LogLevel::warning, line);
}

// Nothing where GEOIP_PATH itself is not to be seen: a file that is being replaced in two steps, a
// disk that is away. What is open stays open then.
std::optional<std::vector<std::filesystem::path>> LocationReader::State::list_files() {
  namespace fs = std::filesystem;
  if (path.empty()) return std::vector<fs::path>();
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    complain(path, path.string() +
                       ": no such location file or folder (GEOIP_PATH); what was read before stays "
                       "in use; fetch one with innkeeper download_geoip_db");
    return std::nullopt;
  }
  if (!fs::is_directory(status)) return std::vector<fs::path>{path};
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (ends_in_mmdb(entry->path())) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  if (error) {
    complain(path, path.string() + ": cannot be listed (" + error.message() + ")");
    return std::nullopt;
  }
  if (files.empty())
    complain(path,
             path.string() + ": holds no .mmdb file; fetch one with innkeeper download_geoip_db");
  else
    complaints.erase(path);
  return files;
}

// The open database where nothing changed, else a new one; where the new file is no good, what was
// open before.
std::shared_ptr<const Database> LocationReader::State::open_or_keep(
    const std::filesystem::path& file, const Snapshot& before) {
  const auto old = std::find_if(before->begin(), before->end(),
                                [&](const auto& open) { return open->path() == file; });
  const auto kept = old == before->end() || !(*old)->usable() ? nullptr : *old;
  const auto stamp = stamp_of(file);
  if (kept && stamp == kept->stamp() && !kept->is_full()) return kept;
  const auto known = refused.find(file);
  if (stamp && known != refused.end() && known->second == *stamp) return kept;
  try {
    auto opened = Database::open(file);
    refused.erase(file);
    complaints.erase(file);
    if (!kept || stamp != kept->stamp())
      lines.emplace_back(LogLevel::info, "location file " + opened->describe());
    return opened;
  } catch (const FileError& error) {
    if (stamp) refused[file] = *stamp;
    complain(file, std::string(error.what()) + (kept ? "; the one read before stays in use" : ""));
    return kept;
  }
}

void LocationReader::State::swap_in_changes() {
  const Snapshot before = published.take();
  const auto files = list_files();
  if (!files) return;
  auto now = std::make_shared<Databases>();
  for (const auto& file : *files) {
    if (auto database = open_or_keep(file, before)) now->push_back(std::move(database));
  }
  std::stable_sort(now->begin(), now->end(),
                   [](const auto& a, const auto& b) { return a->rank() < b->rank(); });
  if (*now != *before) published.put(now);
}

void LocationReader::State::refresh() {
  std::vector<std::pair<LogLevel, std::string>> said;
  {
    const std::lock_guard lock(refreshing);
    swap_in_changes();
    said.swap(lines);
  }
  // A log may call back into another language, which may be waiting for us: never under the lock.
  for (const auto& [level, line] : said) log.write(level, general_log, line);
}

// True for one caller each time the interval is over.
bool LocationReader::State::due() {
  const auto now = clock.now().time_since_epoch();
  const auto every = std::chrono::duration_cast<Duration>(refresh_every).count();
  Time::rep next = next_refresh.load(std::memory_order_relaxed);
  // A clock that was set back must not stop the looking.
  if (now.count() < next && next - now.count() <= every) return false;
  return next_refresh.compare_exchange_strong(next, now.count() + every);
}

LocationReader::LocationReader(std::filesystem::path path, Log& log, std::string language,
                               const Clock* clock)
    : m_state(std::make_unique<State>(std::move(path), log, std::move(language), clock)) {
  m_state->due();
  refresh();
}

LocationReader::~LocationReader() = default;

void LocationReader::refresh() const {
  try {
    m_state->refresh();
  } catch (const std::exception&
               error) {  // out of memory, a path that cannot be told: go on with what is open
    m_state->log.write(LogLevel::warning, general_log,
                       std::string("location files: ") + error.what());
  }
}

std::optional<Location> LocationReader::find(const IpAddress& address) const {
  if (m_state->path.empty() || address.is_local()) return std::nullopt;
  if (m_state->due()) refresh();
  try {
    const Snapshot databases = m_state->published.take();
    std::optional<Location> place(std::in_place);
    for (const auto& database : *databases) {
      if (database->find(address, m_state->language, *place) == Database::Answer::place)
        return place;
    }
  } catch (const std::bad_alloc&) {  // a place is never worth a failed request
  }
  return std::nullopt;
}

std::string LocationReader::describe() const {
  std::string lines;
  const Snapshot databases = m_state->published.take();
  for (const auto& database : *databases) lines += database->describe() + '\n';
  return lines;
}

std::string Location::text() const {
  if (city.empty()) return country_name;
  return country_name.empty() ? city : city + ", " + country_name;
}

}  // namespace innkeeper::location
