#include "engine/engine.h"

#include "engine/state.h"

namespace innkeeper::engine {

namespace {

Settings checked(Settings settings) {
  check(settings);
  return settings;
}

}  // namespace

Engine::State::State(Settings given, store::Database& store, cache::Cache* cache_port,
                     const Clock& given_clock, Random& given_random, Log& given_log)
    : settings(checked(std::move(given))),
      codec(settings.keys, settings.payload_limits),
      database(store),
      clock(given_clock),
      random(given_random),
      log(given_log),
      security(clock, log) {
  if (cache_port == nullptr) return;
  cache.emplace(*cache_port, settings, clock, log);
  feed.emplace(*cache, database, settings, clock, log);
}

Engine::Engine(Settings settings, store::Database& database, cache::Cache* cache,
               const Clock& clock, Random& random, Log& log)
    : m_state(std::make_unique<State>(std::move(settings), database, cache, clock, random, log)) {}

Engine::~Engine() = default;

void Engine::follow_feed() {
  if (m_state->feed) m_state->feed->follow();
}

const Settings& Engine::settings() const { return m_state->settings; }
const Clock& Engine::clock() const { return m_state->clock; }
store::Database& Engine::database() const { return m_state->database; }
Log& Engine::log() const { return m_state->log; }

void Engine::set_observer(Observer* observer) { m_state->observer = observer; }
void Engine::set_fault_point(FaultPoint point) { m_state->fault_point = std::move(point); }

}  // namespace innkeeper::engine
