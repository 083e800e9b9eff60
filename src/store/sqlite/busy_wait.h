// How long a connection waits for a lock that another connection, mostly of another process, has.
//
// The limit is time: a count of short sleeps is longer than that wherever the machine is loaded.
#pragma once

#include <chrono>

namespace innkeeper::store::sqlite {

// Used by one thread at a time, as the connection that it belongs to.
class BusyWait {
 public:
  explicit BusyWait(std::chrono::milliseconds limit) : m_limit(limit) {}
  void set_limit(std::chrono::milliseconds limit) { m_limit = limit; }
  // Whether to ask for the lock again. `calls`: how often this was asked for one lock before; 0
  // begins the time.
  bool goes_on(int calls, std::chrono::steady_clock::time_point now) {
    if (calls == 0) m_begun = now;
    return now - m_begun < m_limit;
  }

 private:
  std::chrono::milliseconds m_limit;
  std::chrono::steady_clock::time_point m_begun{};
};

}  // namespace innkeeper::store::sqlite
