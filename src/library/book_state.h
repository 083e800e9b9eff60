// What hides behind a Book: the drivers that it chooses, the engine over them, and what makes infos
// readable.
#pragma once

#include <memory>
#include <mutex>

#include <innkeeper/book.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "cache/cache.h"
#include "device/device.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "location/location.h"
#include "store/connection.h"
#include "store/schema_watch.h"

namespace innkeeper {

// Hands lines to Options::log. Debug lines stay inside: they are for who works on the engine.
class OptionsLog final : public Log {
 public:
  explicit OptionsLog(decltype(Options::log) sink) : m_sink(std::move(sink)) {}
  void write(LogLevel level, std::string_view channel, std::string_view line) noexcept override;

 private:
  decltype(Options::log) m_sink;
};

// Members stand in the order in which they need one another.
struct Book::State {
  explicit State(const Options& options);
  SessionInfo info_of(const store::SessionSummary& summary) const;

  mutable OptionsLog log;  // whoever reads may have to say something
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<store::Database> database;
  store::UserColumns users;
  store::SchemaWatch watched;           // the database, as the engine gets it
  std::unique_ptr<cache::Cache> cache;  // null without one
  engine::Engine engine;
  engine::Accounts accounts;

 private:
  // The rules take tens of megabytes and a moment: loaded by the first who asks for a device.
  const device::DeviceReader& devices() const;
  mutable std::once_flag m_devices_loaded;
  mutable std::unique_ptr<device::DeviceReader> m_devices;
  location::LocationReader m_places;
};

}  // namespace innkeeper
