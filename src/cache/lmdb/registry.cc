// One environment a directory and process, and what a fork does to them.
#include <cstdlib>
#include <map>
#include <system_error>
#include <vector>

#include <pthread.h>

#include "base/error.h"
#include "cache/lmdb/environment.h"

namespace innkeeper::cache::lmdb {

namespace {

// The name that all names of a directory come to: links and steps upwards are resolved.
std::filesystem::path one_name_of(const std::filesystem::path& directory) {
  std::error_code error;
  auto path = std::filesystem::absolute(directory, error);
  if (!error) path = std::filesystem::weakly_canonical(path, error);
  if (!error) return path;
  throw CacheError("lmdb cache: cannot open \"" + directory.string() + "\": " + error.message() +
                   "; name a directory that can be reached, by its absolute path");
}

}  // namespace

// Never destroyed: a child may be forked while the process is on its way out.
class Registry {
 public:
  static Registry& instance() {
    static Registry* const registry = new Registry;
    return *registry;
  }

  std::shared_ptr<Environment> share(const std::filesystem::path& directory, std::size_t size_bytes,
                                     std::string& notice) {
    const std::filesystem::path path = one_name_of(directory);
    const std::lock_guard lock(m_mutex);
    if (auto known = m_environments[path].lock()) return known;
    auto made = std::make_unique<Environment>(path, size_bytes);
    notice = made->reopen();
    const std::shared_ptr<Environment> shared(made.release(),
                                              [this](Environment* gone) { close(gone); });
    m_environments[path] = shared;
    return shared;
  }

 private:
  Registry() {
    ::pthread_atfork([] { instance().before_fork(); }, [] { instance().after_fork(false); },
                     [] { instance().after_fork(true); });
  }

  // Under the mutex, so that the directory is not opened again before it is closed.
  void close(Environment* gone) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_environments.find(gone->directory());
    if (found != m_environments.end() && found->second.expired()) m_environments.erase(found);
    delete gone;
  }

  // No environment is half open at the moment of the fork.
  void before_fork() {
    m_mutex.lock();
    for (const auto& [path, environment] : m_environments) {
      if (auto alive = environment.lock()) m_at_fork.push_back(std::move(alive));
    }
    for (const auto& environment : m_at_fork) environment->m_mutex.lock();
  }

  void after_fork(bool in_child) {
    for (const auto& environment : m_at_fork) {
      if (in_child) environment->forget_in_child();
      environment->m_mutex.unlock();
    }
    const auto released = std::move(m_at_fork);
    m_at_fork.clear();
    m_mutex.unlock();
    // Here `released` may be the last owner, and close() takes the mutex.
  }

  std::mutex m_mutex;
  std::map<std::filesystem::path, std::weak_ptr<Environment>> m_environments;
  std::vector<std::shared_ptr<Environment>> m_at_fork;
};

std::shared_ptr<Environment> Environment::share(const std::filesystem::path& directory,
                                                std::size_t size_bytes, std::string& notice) {
  return Registry::instance().share(directory, size_bytes, notice);
}

}  // namespace innkeeper::cache::lmdb
