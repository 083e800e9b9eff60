#include "store/sqlite/fork_guard.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include <pthread.h>

namespace innkeeper::store::sqlite {

namespace {

struct Registry {
  std::mutex mutex;
  std::vector<ForkListener*> listeners;
};

// Never destroyed: a fork may come while a process ends.
Registry& registry() {
  static auto* const one = new Registry;
  return *one;
}

void before_fork() {
  registry().mutex.lock();
  for (ForkListener* listener : registry().listeners) listener->before_fork();
}

void after_fork(bool in_child) {
  auto& listeners = registry().listeners;
  std::for_each(listeners.rbegin(), listeners.rend(),
                [in_child](ForkListener* listener) { listener->after_fork(in_child); });
  registry().mutex.unlock();
}

}  // namespace

void listen_to_forks(ForkListener& listener) {
  static std::once_flag once;
  std::call_once(once, [] {
    ::pthread_atfork(
        before_fork, [] { after_fork(false); }, [] { after_fork(true); });
  });
  const std::lock_guard lock(registry().mutex);
  registry().listeners.push_back(&listener);
}

void unlisten_to_forks(ForkListener& listener) {
  const std::lock_guard lock(registry().mutex);
  std::erase(registry().listeners, &listener);
}

}  // namespace innkeeper::store::sqlite
