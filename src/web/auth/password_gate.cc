#include "web/auth/password_gate.h"

#include <algorithm>

namespace innkeeper::web {

PasswordGate::PasswordGate(int workers)
    : m_at_once(std::max(workers / 2, 1)), m_most_waiting(std::max(workers - m_at_once - 1, 0)) {}

std::unique_ptr<PasswordGate::Pass> PasswordGate::enter() {
  std::unique_lock lock(m_mutex);
  if (m_inside == m_at_once && m_waiting == m_most_waiting) return nullptr;
  ++m_waiting;
  m_left.wait(lock, [this] { return m_inside < m_at_once; });
  --m_waiting;
  ++m_inside;
  return std::make_unique<Pass>(*this);
}

int PasswordGate::waiting() const {
  const std::lock_guard lock(m_mutex);
  return m_waiting;
}

void PasswordGate::leave() {
  {
    const std::lock_guard lock(m_mutex);
    --m_inside;
  }
  m_left.notify_one();
}

}  // namespace innkeeper::web
