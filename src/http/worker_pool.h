// A bounded pool of threads: what may wait (a database, a password) runs here, never on an I/O
// thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace innkeeper::http {

// Thread-safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  // `queue_limit` is how many jobs may wait beyond those that a free thread takes at once.
  WorkerPool(int threads, std::size_t queue_limit);
  ~WorkerPool();  // stops
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes the job, or refuses it at once where the queue is full or the pool has stopped. A job
  // must not throw.
  [[nodiscard]] bool try_post(Job job);
  // Takes no more jobs, runs those that wait, and joins. Not from a job.
  void stop();

 private:
  void run();

  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<Job> m_jobs;
  std::size_t m_limit;
  std::size_t m_idle = 0;
  bool m_stopping = false;
  std::vector<std::thread> m_threads;
};

}  // namespace innkeeper::http
