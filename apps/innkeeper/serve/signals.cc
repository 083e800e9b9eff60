#include "serve/signals.h"

#include <algorithm>

#include <pthread.h>

namespace innkeeper::app {
namespace {

constexpr int taken[] = {SIGTERM, SIGINT, SIGHUP};

}  // namespace

Signals::Signals(Wish on_hangup) : m_on_hangup(on_hangup) {
  sigemptyset(&m_ours);
  for (const int signal : taken) sigaddset(&m_ours, signal);
  pthread_sigmask(SIG_BLOCK, &m_ours, &m_before);
  std::signal(SIGPIPE, SIG_IGN);
}

// A second signal that came meanwhile asked for what has been done: let through, it would end the
// program by itself.
Signals::~Signals() {
  constexpr timespec at_once{};
  while (sigtimedwait(&m_ours, nullptr, &at_once) > 0) {
  }
  std::signal(SIGPIPE, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

Wish Signals::wait() {
  int signal = 0;
  while (sigwait(&m_ours, &signal) != 0) {
  }
  return signal == SIGHUP ? m_on_hangup : Wish::stop;
}

bool Signals::came() const {
  sigset_t pending;
  sigpending(&pending);
  return std::ranges::any_of(taken, [&](int signal) { return sigismember(&pending, signal) == 1; });
}

}  // namespace innkeeper::app
