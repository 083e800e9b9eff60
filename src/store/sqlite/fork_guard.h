// Tells of forks. SQLite keeps a process's file locks in a table of its own, which a child inherits
// although the kernel gives it none of the locks: a child that opened the same file would believe
// that it holds what it does not. So nothing of SQLite may be open at the moment of a fork.
#pragma once

namespace innkeeper::store::sqlite {

class ForkListener {
 public:
  virtual ~ForkListener() = default;
  virtual void before_fork() noexcept = 0;              // takes its lock, closes what is idle
  virtual void after_fork(bool in_child) noexcept = 0;  // gives the lock back
};

// From here on until unlisten() the listener is called, in the thread that forks. Thread-safe.
void listen_to_forks(ForkListener& listener);
void unlisten_to_forks(ForkListener& listener);

}  // namespace innkeeper::store::sqlite
