#include "serve/ticker.h"

namespace innkeeper::app {

Ticker::Ticker(std::chrono::milliseconds every, Task task)
    : m_every(every),
      m_task(std::move(task)),
      m_thread([this](const std::stop_token& stop) { run(stop); }) {}

void Ticker::run(const std::stop_token& stop) {
  const auto never = [] { return false; };
  for (;;) {
    {
      std::unique_lock lock(m_mutex);
      m_wake.wait_for(lock, stop, m_every, never);
    }
    if (stop.stop_requested()) return;
    m_task(stop);
  }
}

}  // namespace innkeeper::app
