#include "base/clock.h"

namespace innkeeper {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

ManualClock::ManualClock()
    : ManualClock(Time(std::chrono::sys_days(std::chrono::year(2100) / 1 / 1))) {}

}  // namespace innkeeper
