// A thread that does something every so often, and stops at once when told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace innkeeper::app {

// Runs `task` on a thread of its own, for the first time after one interval, until it is destroyed.
// A task under way is waited for, and its token says that it is. `task` must not throw.
class Ticker {
 public:
  using Task = std::function<void(const std::stop_token&)>;
  Ticker(std::chrono::milliseconds every, Task task);

 private:
  void run(const std::stop_token& stop);

  std::chrono::milliseconds m_every;
  Task m_task;
  std::mutex m_mutex;
  std::condition_variable_any m_wake;
  std::jthread m_thread;  // last: it uses all the others
};

}  // namespace innkeeper::app
