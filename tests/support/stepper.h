// Runs several actors so that only one moves at a time, and a seed decides which: every
// interleaving can be repeated.
//
// Each actor runs on a thread of its own and calls step() wherever another may go in between (a
// call to a port, a fault point). step() hands the turn to the stepper, which gives it to an actor
// drawn by the seed. No actor ever waits for another in any other way: what would block calls
// step() until it is free (see SteppedDatabase).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace innkeeper::test {

class Stepper {
 public:
  using Actor = std::function<void()>;

  // Runs all actors to their end. Actors report failures themselves; they must not throw.
  void run(std::uint64_t seed, std::vector<Actor> actors) {
    std::mt19937_64 draw(seed);
    m_alive.assign(actors.size(), true);
    m_turn = nobody;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < actors.size(); ++i) {
      threads.emplace_back([this, i, actor = std::move(actors[i])] {
        s_me = i;
        s_stepper = this;
        wait_for_turn(i);
        actor();
        s_stepper = nullptr;
        const std::lock_guard lock(m_mutex);
        m_alive[i] = false;
        m_turn = nobody;
        m_changed.notify_all();
      });
    }
    for (std::size_t next = choose(draw); next != nobody; next = choose(draw)) give_turn(next);
    for (std::thread& thread : threads) thread.join();
  }

  // A place where another actor may go on. Does nothing outside run().
  static void step() {
    if (s_stepper != nullptr) s_stepper->yield(s_me);
  }

 private:
  static constexpr std::size_t nobody = ~std::size_t{0};

  std::size_t choose(std::mt19937_64& draw) {
    const std::lock_guard lock(m_mutex);
    std::vector<std::size_t> alive;
    for (std::size_t i = 0; i < m_alive.size(); ++i) {
      if (m_alive[i]) alive.push_back(i);
    }
    return alive.empty() ? nobody : alive[draw() % alive.size()];
  }
  void give_turn(std::size_t actor) {
    std::unique_lock lock(m_mutex);
    m_turn = actor;
    m_changed.notify_all();
    m_changed.wait(lock, [this] { return m_turn == nobody; });
  }
  void wait_for_turn(std::size_t me) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this, me] { return m_turn == me; });
  }
  void yield(std::size_t me) {
    std::unique_lock lock(m_mutex);
    m_turn = nobody;
    m_changed.notify_all();
    m_changed.wait(lock, [this, me] { return m_turn == me; });
  }

  static inline thread_local std::size_t s_me = nobody;
  static inline thread_local Stepper* s_stepper = nullptr;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<bool> m_alive;
  std::size_t m_turn = nobody;
};

}  // namespace innkeeper::test
