#include "serve/signals.h"

#include <initializer_list>

#include <pthread.h>

namespace innkeeper::app {

Signals::Signals(Wish on_hangup) : m_on_hangup(on_hangup) {
  sigemptyset(&m_ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&m_ours, signal);
  pthread_sigmask(SIG_BLOCK, &m_ours, &m_before);
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() {
  std::signal(SIGPIPE, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

Wish Signals::wait() {
  int signal = 0;
  while (sigwait(&m_ours, &signal) != 0) {
  }
  return signal == SIGHUP ? m_on_hangup : Wish::stop;
}

}  // namespace innkeeper::app
