// The signals that a server is steered by, taken one after the other by one thread instead of by
// handlers.
#pragma once

#include <csignal>

namespace innkeeper::app {

enum class Wish {
  stop,    // SIGTERM, SIGINT
  reload,  // SIGHUP, where a service manager sends it
};

// Holds the signals back from the moment it is made, in this thread and in every one that is
// started afterwards: make it before any other thread. Writing to a connection that is gone is no
// longer a signal either. At its end all is as it was, and a signal that came meanwhile is
// forgotten.
class Signals {
 public:
  // `on_hangup` is what SIGHUP means: `reload` for a service, `stop` for what lives in a terminal.
  explicit Signals(Wish on_hangup);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  // Waits for the next.
  Wish wait();
  // Whether one came that wait() would return at once.
  bool came() const;

 private:
  Wish m_on_hangup;
  sigset_t m_ours, m_before;
};

}  // namespace innkeeper::app
