// Upkeep: what has ended goes, in batches short enough that nobody waits for them.
#include <chrono>
#include <functional>
#include <limits>
#include <thread>

#include "engine/batch_limit.h"
#include "engine/state.h"

namespace innkeeper::engine {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Between two batches: time for another process, which looks for SQLite's lock every millisecond,
// to get it.
constexpr std::chrono::milliseconds breath{3};

// Runs `batch` with a limit of rows until it removes fewer or is to stop; whether it came
// to the end.
bool run_batches(const PurgeOptions& options, SteadyClock::time_point began, std::int64_t& removed,
                 const std::function<std::int64_t(int)>& batch) {
  BatchLimit limit(options.batch_size);
  for (;;) {
    const auto start = SteadyClock::now();
    const std::int64_t count = batch(limit.rows());
    removed += count;
    if (options.progress && count > 0) options.progress(removed);
    if (count < limit.rows()) return true;
    if (options.stop.stop_requested()) return false;
    if (options.budget && SteadyClock::now() - began >= *options.budget) return false;
    limit.learn(SteadyClock::now() - start);
    std::this_thread::sleep_for(breath);
  }
}

}  // namespace

PurgeReport Engine::clear_expired(const PurgeOptions& options) {
  State& state = *m_state;
  PurgeReport report;
  if (options.dry_run) return state.what_would_be_purged();
  const auto began = SteadyClock::now();
  report.finished = run_batches(options, began, report.sessions, [&](int limit) {
    const std::int64_t removed = state.purge_batch(limit);
    state.database.upkeep();
    return removed;
  });
  if (!report.finished) return report;
  PurgeOptions silent = options;
  silent.progress = nullptr;
  report.finished = run_batches(silent, began, report.history,
                                [&](int limit) { return state.purge_history_batch(limit); });
  return report;
}

PurgeReport Engine::State::what_would_be_purged() {
  store::SessionFilter expired;
  expired.validity = store::SessionFilter::Validity::expired;
  complete(expired);
  expired.absolute_timeout.reset();  // as in purge_expired()
  const auto connection = database.connect(store::Access::read);
  PurgeReport report;
  report.sessions = sessions(*connection).count(expired, std::numeric_limits<std::int64_t>::max());
  report.history = ended(*connection).count_before(clock.now() - settings.history_age);
  return report;
}

std::int64_t Engine::State::purge_batch(int batch_size) {
  // Which they were is asked for only where somebody wants to know.
  const bool wanted = observer != nullptr && observer->wants(Observer::Event::ended);
  std::vector<store::RemovedSession> gone;
  auto connection = database.connect(store::Access::write);
  store::Transaction transaction(*connection);
  const auto removed = sessions(*connection)
                           .purge_expired(clock.now(), settings.expiry.idle_timeout, batch_size,
                                          wanted ? &gone : nullptr);
  transaction.commit();
  tell_observer(std::move(connection), end_of(gone, store::Reason::expired, {}));
  return removed;
}

std::int64_t Engine::State::purge_history_batch(int batch_size) {
  const auto connection = database.connect(store::Access::write);
  return ended(*connection).purge(clock.now() - settings.history_age, batch_size);
}

}  // namespace innkeeper::engine
