// What noting a use does about a database whose writer was busy.
//
// It must not hold an answer up, and is made good by the next request: so after one that found the
// writer busy, the others are left out for a while instead of each waiting as well.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace innkeeper::engine {

// Thread-safe.
class BusyWriter {
 public:
  static constexpr Seconds pause{3};

  void met(Time now) { m_met_at.store(now.time_since_epoch().count()); }
  // A clock that was set back must not make the pause longer.
  bool is_left_alone(Time now) const {
    const auto age = now.time_since_epoch().count() - m_met_at.load();
    return age >= 0 && age < Duration(pause).count();
  }

 private:
  std::atomic<Time::rep> m_met_at{0};
};

}  // namespace innkeeper::engine
