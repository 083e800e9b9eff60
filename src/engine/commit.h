// Whether what was written inside a transaction of the host's (Django's atomic) is committed.
#pragma once

#include <atomic>
#include <memory>

namespace innkeeper::engine {

// Shared by a session, its copies and the function that waits for the commit: each may outlive the
// others, and be used by another thread.
class Commit {
 public:
  enum class State {
    done,     // it is committed
    waiting,  // the function still waits: the transaction goes on
    unknown,  // the function was dropped uncalled: as good as rolled back, until the row says more
  };

  // What waits for the commit holds one, and calls done() after it. A host drops it with the
  // transaction, or the savepoint, that is rolled back.
  class Watch {
   public:
    void done() const { m_told->store(true); }

   private:
    friend class Commit;
    explicit Watch(std::shared_ptr<std::atomic<bool>> told) : m_told(std::move(told)) {}
    std::shared_ptr<std::atomic<bool>> m_told;
  };

  Commit() = default;  // there was nothing to wait for: done
  // Of what was only read in such a transaction, which may have written it.
  static Commit unknown() {
    Commit commit;
    commit.m_read_inside = true;
    return commit;
  }
  // Of what was written in one. As long as the watch lives, it is waited for.
  static Commit watched(std::shared_ptr<const Watch>& watch) {
    Commit commit;
    commit.m_told = std::make_shared<std::atomic<bool>>(false);
    watch = std::shared_ptr<const Watch>(new Watch(commit.m_told));
    commit.m_watch = watch;
    return commit;
  }

  State state() const {
    if (!m_told) return m_read_inside ? State::unknown : State::done;
    const bool waits = !m_watch.expired();  // looked at first: the watch goes after it has told
    if (m_told->load()) return State::done;
    return waits ? State::waiting : State::unknown;
  }
  bool is_done() const { return state() == State::done; }
  // Of a write, whatever became of it.
  bool is_of_a_write() const { return m_told != nullptr; }

 private:
  std::shared_ptr<std::atomic<bool>> m_told;
  std::weak_ptr<const Watch> m_watch;
  bool m_read_inside = false;
};

}  // namespace innkeeper::engine
