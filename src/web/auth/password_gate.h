// Checking a password takes a worker long, on purpose. A flood of sign-ins must not take all
// workers: who ends sessions meanwhile needs one.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

namespace innkeeper::web {

// Lets in few at a time, and of the others fewer still wait. Thread-safe; outlives its passes.
class PasswordGate {
 public:
  // Of `workers` threads half check passwords, at least one; one is left to all other requests
  // where there are two or more; the rest may wait.
  explicit PasswordGate(int workers);

  // The holder is inside until it goes.
  class Pass {
   public:
    explicit Pass(PasswordGate& gate) : m_gate(gate) {}
    ~Pass() { m_gate.leave(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    PasswordGate& m_gate;
  };
  // Waits for its turn; null, at once, where as many wait already as may.
  std::unique_ptr<Pass> enter();

  // How many wait now.
  int waiting() const;

 private:
  void leave();

  const int m_at_once, m_most_waiting;
  mutable std::mutex m_mutex;
  std::condition_variable m_left;
  int m_inside = 0, m_waiting = 0;
};

}  // namespace innkeeper::web
