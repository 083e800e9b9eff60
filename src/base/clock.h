// Time, as the engine sees it: an injected clock with microsecond steps, in UTC.
#pragma once

#include <atomic>
#include <chrono>

namespace innkeeper {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
using Seconds = std::chrono::seconds;

// Thread-safe. A caller keeps the clock alive as long as whatever it handed it to.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// A clock that stands still until it is told: for tests. Starts at 2100-01-01 00:00:00, so that the
// database's own clock (used by the triggers) always finds its sessions alive.
class ManualClock final : public Clock {
 public:
  ManualClock();
  explicit ManualClock(Time start) : m_now(start.time_since_epoch().count()) {}
  Time now() const override { return Time(Duration(m_now.load())); }
  void advance(Duration by) { m_now.fetch_add(by.count()); }
  void set(Time to) { m_now.store(to.time_since_epoch().count()); }

 private:
  std::atomic<Duration::rep> m_now;
};

}  // namespace innkeeper
