// A thread that does something every so often, and stops at once when told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace innkeeper::app {

// Runs `task` on a thread of its own, for the first time after one interval, until it is destroyed;
// a task under way is waited for. `task` must not throw.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds every, std::function<void()> task);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void run();

  std::chrono::milliseconds m_every;
  std::function<void()> m_task;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_stopping = false;
  std::thread m_thread;  // last: it uses all the others
};

}  // namespace innkeeper::app
