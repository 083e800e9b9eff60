#include "library/book_state.h"

#include <innkeeper/error.h>

#include "cache/lmdb/lmdb_cache.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"

namespace innkeeper {
namespace {

store::KeyType inner_keys(UserKeys keys) {
  switch (keys) {
    case UserKeys::integers:
      return store::KeyType::integer;
    case UserKeys::uuids:
      return store::KeyType::uuid;
    case UserKeys::texts:
      break;
  }
  return store::KeyType::text;
}

engine::Settings settings_of(const Options& options) {
  engine::Settings settings;
  settings.keys = {.secret_key = options.secret_key,
                   .fallbacks = options.secret_key_fallbacks,
                   .salt = options.salt};
  settings.expiry = {.cookie_age = options.cookie_age,
                     .expire_at_browser_close = options.expire_at_browser_close,
                     .idle_timeout = options.idle_timeout,
                     .absolute_timeout = options.absolute_timeout};
  settings.users.key_type = inner_keys(options.user_keys);
  settings.activity_interval = options.activity_interval;
  settings.feed_saves = options.feed_saves;
  return settings;
}

// As it is now: the program may go to another folder later, as daemons do.
std::filesystem::path whole_path(const std::filesystem::path& path, const char* option) {
  if (path.empty()) return path;
  std::error_code error;
  auto whole = std::filesystem::absolute(path, error);
  if (error) {
    throw ConfigError(std::string("Options::") + option +
                      " is relative to a folder that is gone (" + error.message() +
                      "): give an absolute path");
  }
  return whole;
}

std::unique_ptr<store::Database> open_database(const Options& options) {
  // Before anything is made on the disk: a book without a secret is no book.
  if (options.secret_key.empty())
    throw ConfigError("Options::secret_key is empty: a book needs a secret");
  if (options.database.empty())
    throw ConfigError("Options::database is empty: name the SQLite file");
  auto database = store::sqlite::open({.file = whole_path(options.database, "database"),
                                       .create = true,
                                       .busy_timeout = options.busy_timeout});
  store::migrate(*database->connect(store::Access::write), settings_of(options).users);
  return database;
}

std::unique_ptr<cache::Cache> open_cache(const Options& options, const Clock& clock, Log& log) {
  if (options.cache.empty()) return nullptr;
  return cache::lmdb::open({.directory = options.cache, .size_bytes = options.cache_bytes}, clock,
                           log);
}

}  // namespace

void OptionsLog::write(LogLevel level, std::string_view channel, std::string_view line) noexcept {
  if (!m_sink || level == LogLevel::debug) return;
  try {
    m_sink(channel, line);
  } catch (...) {  // NOLINT(bugprone-empty-catch): a log that fails must not fail its writer
  }
}

Book::State::State(const Options& options)
    : log(options.log),
      database(open_database(options)),
      users(settings_of(options).users),
      watched(*database, users, clock),
      cache(open_cache(options, clock, log)),
      engine(settings_of(options), watched, cache.get(), clock, random, log),
      accounts(engine, random),
      m_places(whole_path(options.geoip, "geoip"), log) {}

const device::DeviceReader& Book::State::devices() const {
  std::call_once(m_devices_loaded, [this] {
    m_devices = std::make_unique<device::DeviceReader>(device::DeviceReader::Options(), log);
  });
  return *m_devices;
}

SessionInfo Book::State::info_of(const store::SessionSummary& summary) const {
  const auto place = summary.client.ip ? m_places.find(*summary.client.ip) : std::nullopt;
  return {
      .id = summary.id.text(),
      .user_id = summary.user_id,
      .ip = summary.client.ip ? summary.client.ip->to_string() : std::string(),
      .user_agent = summary.client.user_agent,
      .device = devices().read(summary.client.user_agent, summary.client.client_hints)->sentence(),
      .place = place ? place->text() : std::string(),
      .started = summary.created_at,
      .last_activity = summary.last_activity,
      .ends = engine.ends_at(summary)};
}

}  // namespace innkeeper
