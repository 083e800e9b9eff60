#include "wiring.h"

#include "base/error.h"
#include "config/options.h"

namespace innkeeper::app {

House::House(const Config& config, Log& log) : m_config(config), m_log(log) {}
House::~House() = default;

store::Database& House::database(bool create) {
  if (!m_database) {
    store::sqlite::Options options = database_options(m_config);
    options.create = create;
    // Each worker may read at once.
    options.readers = static_cast<int>(m_config.number("WORKERS")) + 1;
    m_database = store::sqlite::open(options);
  }
  return *m_database;
}

cache::Cache* House::cache() {
  if (m_cache_tried) return m_cache.get();
  m_cache_tried = true;
  const auto options = cache_options(m_config);
  if (!options) return nullptr;
  try {
    m_cache = cache::lmdb::open(*options, m_clock, m_log);
  } catch (const CacheError& error) {
    m_log.write(LogLevel::warning, general_log,
                std::string("no cache, every request asks the database: ") + error.what());
  }
  return m_cache.get();
}

engine::Engine& House::engine() {
  if (!m_engine) {
    const engine::Settings settings = engine_settings(m_config);
    m_users = settings.users;
    m_watched = std::make_unique<store::SchemaWatch>(database(), m_users, m_clock);
    m_watched->connect(store::Access::read);  // what is wrong with it is named now
    m_engine =
        std::make_unique<engine::Engine>(settings, *m_watched, cache(), m_clock, m_random, m_log);
  }
  return *m_engine;
}

engine::Accounts& House::accounts() {
  if (!m_accounts) m_accounts = std::make_unique<engine::Accounts>(engine(), m_random);
  return *m_accounts;
}

device::DeviceReader& House::devices() {
  if (!m_devices) {
    device::DeviceReader::Options options;
    options.rules_file = m_config.text("DEVICE_RULES");
    m_devices = std::make_unique<device::DeviceReader>(options, m_log);
  }
  return *m_devices;
}

location::LocationReader& House::locations() {
  if (!m_locations) {
    m_locations = std::make_unique<location::LocationReader>(m_config.text("GEOIP_PATH"), m_log,
                                                             m_config.text("GEOIP_LANGUAGE"));
  }
  return *m_locations;
}

}  // namespace innkeeper::app
