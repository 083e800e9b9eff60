// A cache in memory for tests: it obeys the port to the letter, and misbehaves on command.
//
// What a test can make of it: a cache that is down, that fails after so many calls, that forgets
// everything or one entry, that cannot compare (as a cache of Django's CACHES). A hook runs before
// every call, outside the lock, so that a test can put another actor exactly between two calls of
// the code it watches.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cache/cache.h"
#include "cache/entry.h"

namespace innkeeper::test {

// Thread-safe, except for `before_call`, which is set before threads start. `clock` decides what is
// expired.
class MemoryCache final : public cache::Cache {
 public:
  enum class Operation { get, set, add, set_unless_newer, remove };
  struct Traits {
    bool compares = true;
    bool may_wait = false;
    std::size_t largest_value = std::string::npos;  // a larger one is dropped, as lmdb does
  };
  using Hook = std::function<void(Operation, std::string_view key)>;

  explicit MemoryCache(const Clock& clock) : MemoryCache(clock, Traits{}) {}
  MemoryCache(const Clock& clock, Traits traits) : m_clock(clock), m_traits(traits) {}

  std::optional<std::string> get(std::string_view key) override {
    const auto lock = enter(Operation::get, key);
    const Item* item = alive(key);
    return item ? std::optional(item->value) : std::nullopt;
  }

  void set(std::string_view key, std::string_view value, Seconds lifetime) override {
    const auto lock = enter(Operation::set, key);
    store(key, value, lifetime);
  }

  bool add(std::string_view key, std::string_view value, Seconds lifetime) override {
    const auto lock = enter(Operation::add, key);
    return !alive(key) && store(key, value, lifetime);
  }

  bool set_unless_newer(std::string_view key, std::string_view value, Seconds lifetime) override {
    const auto lock = enter(Operation::set_unless_newer, key);
    const Item* item = alive(key);
    // string_view compares as unsigned bytes, as the port asks.
    const auto stamp = [](std::string_view text) { return text.substr(0, cache::stamp_size); };
    if (item && stamp(item->value) > stamp(value)) return false;
    return store(key, value, lifetime);
  }

  void remove(std::string_view key) override {
    const auto lock = enter(Operation::remove, key);
    m_items.erase(std::string(key));
  }

  bool compares() const override { return m_traits.compares; }
  bool may_wait() const override { return m_traits.may_wait; }
  std::string describe() const override { return "memory (for tests)"; }

  // From here on every call throws CacheError, or works again. What was stored stays.
  void set_down(bool down) {
    const std::lock_guard lock(m_mutex);
    m_down = down;
    m_calls_left.reset();
  }
  // The next `calls` calls work, every later one throws CacheError, until set_down(false).
  void fail_after(int calls) {
    const std::lock_guard lock(m_mutex);
    m_calls_left = calls;
  }
  void forget_everything() {
    const std::lock_guard lock(m_mutex);
    m_items.clear();
  }

  // Drops what stands under keys that end so, as a cache that is short of room may at any time.
  void evict(std::string_view ending) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_items, [ending](const auto& item) { return item.first.ends_with(ending); });
  }

  // Drops what expires first, as a cache that is full does for each entry that it takes.
  void evict_first() {
    const std::lock_guard lock(m_mutex);
    const auto first = std::min_element(
        m_items.begin(), m_items.end(),
        [](const auto& one, const auto& other) { return one.second.ends < other.second.ends; });
    if (first != m_items.end()) m_items.erase(first);
  }

  // How many calls came, failed ones too.
  int calls() const {
    const std::lock_guard lock(m_mutex);
    return m_calls;
  }
  // How many entries are alive.
  std::size_t size() const {
    const std::lock_guard lock(m_mutex);
    std::size_t alive = 0;
    for (const auto& [key, item] : m_items) alive += item.ends > m_clock.now() ? 1 : 0;
    return alive;
  }
  // Every stored byte, keys and values: to look for what must not be there.
  std::string dump() const {
    const std::lock_guard lock(m_mutex);
    std::string bytes;
    for (const auto& [key, item] : m_items) bytes.append(key).append(item.value);
    return bytes;
  }

  Hook before_call;

 private:
  struct Item {
    std::string value;
    Time ends;
  };

  std::unique_lock<std::mutex> enter(Operation operation, std::string_view key) {
    if (before_call) before_call(operation, key);
    std::unique_lock lock(m_mutex);
    ++m_calls;
    if (m_calls_left && (*m_calls_left)-- <= 0) m_down = true;
    if (m_down) throw CacheError("memory cache: switched off by the test");
    return lock;
  }

  const Item* alive(std::string_view key) const {
    const auto found = m_items.find(key);
    return found != m_items.end() && found->second.ends > m_clock.now() ? &found->second : nullptr;
  }

  // What a value that is too large would have replaced must not be read again.
  bool store(std::string_view key, std::string_view value, Seconds lifetime) {
    if (value.size() > m_traits.largest_value) {
      m_items.erase(std::string(key));
      return false;
    }
    m_items.insert_or_assign(std::string(key), Item{std::string(value), m_clock.now() + lifetime});
    return true;
  }

  const Clock& m_clock;
  const Traits m_traits;
  mutable std::mutex m_mutex;
  std::map<std::string, Item, std::less<>> m_items;
  bool m_down = false;
  std::optional<int> m_calls_left;
  int m_calls = 0;
};

}  // namespace innkeeper::test
