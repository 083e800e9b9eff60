// The house, put together: the only place of the C++ that chooses drivers.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "config/config.h"
#include "device/device.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "location/location.h"
#include "store/connection.h"
#include "store/schema_watch.h"

namespace innkeeper::app {

// Makes each part when it is first asked for, so that `innkeeper device …` opens no database.
// `config` and `log` outlive it. Asked from one thread; what it gives is thread-safe. Errors are
// those of the parts: ConfigError, StoreError.
class House {
 public:
  House(const Config& config, Log& log);
  ~House();

  const Config& config() const { return m_config; }
  Log& log() const { return m_log; }
  const Clock& clock() const { return m_clock; }
  Random& random() { return m_random; }

  // Opened, its schema not looked at. `create`: made where it is missing (for `migrate` and
  // `demo`).
  store::Database& database(bool create = false);
  // Null for CACHE = none, and, with a warning in the log, where it cannot be opened.
  cache::Cache* cache();
  // On a database whose schema is of this program: throws StoreError (missing, newer) otherwise.
  engine::Engine& engine();
  engine::Accounts& accounts();
  device::DeviceReader& devices();
  location::LocationReader& locations();

 private:
  const Config& m_config;
  Log& m_log;
  SystemClock m_clock;
  SystemRandom m_random;
  bool m_cache_tried = false;
  std::unique_ptr<store::Database> m_database;
  store::UserColumns m_users;
  std::unique_ptr<store::SchemaWatch> m_watched;  // m_database, as the engine gets it
  std::unique_ptr<cache::Cache> m_cache;
  std::unique_ptr<engine::Engine> m_engine;
  std::unique_ptr<engine::Accounts> m_accounts;
  std::unique_ptr<device::DeviceReader> m_devices;
  std::unique_ptr<location::LocationReader> m_locations;
};

}  // namespace innkeeper::app
