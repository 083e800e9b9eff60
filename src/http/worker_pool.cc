#include "http/worker_pool.h"

#include <algorithm>
#include <utility>

namespace innkeeper::http {

WorkerPool::WorkerPool(int threads, std::size_t queue_limit) : m_limit(queue_limit) {
  const int count = std::max(threads, 1);
  // Counted as idle from the start: otherwise a limit of 0 would refuse until the threads run.
  m_idle = static_cast<std::size_t>(count);
  for (int i = 0; i < count; ++i) m_threads.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_post(Job job) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_stopping || m_jobs.size() >= m_limit + m_idle) return false;
    m_jobs.push_back(std::move(job));
  }
  m_wake.notify_one();
  return true;
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_all();
  for (std::thread& thread : m_threads) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::run() {
  std::unique_lock lock(m_mutex);
  while (true) {
    m_wake.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
    if (m_jobs.empty()) return;
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    --m_idle;
    lock.unlock();
    job();
    job = nullptr;  // what it holds goes before the thread counts as idle
    lock.lock();
    ++m_idle;
  }
}

}  // namespace innkeeper::http
