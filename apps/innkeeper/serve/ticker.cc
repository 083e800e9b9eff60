#include "serve/ticker.h"

namespace innkeeper::app {

Ticker::Ticker(std::chrono::milliseconds every, std::function<void()> task)
    : m_every(every), m_task(std::move(task)), m_thread([this] { run(); }) {}

Ticker::~Ticker() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_one();
  m_thread.join();
}

void Ticker::run() {
  std::unique_lock lock(m_mutex);
  while (!m_wake.wait_for(lock, m_every, [this] { return m_stopping; })) {
    lock.unlock();
    m_task();
    lock.lock();
  }
}

}  // namespace innkeeper::app
