#include "location/remembered_places.h"

#include <cstdint>
#include <utility>

namespace innkeeper::location {

namespace {

// Holds a slot, unless somebody else does.
class Hold {
 public:
  explicit Hold(std::atomic_flag& flag)
      : m_flag(flag), m_mine(!flag.test_and_set(std::memory_order_acquire)) {}
  ~Hold() {
    if (m_mine) m_flag.clear(std::memory_order_release);
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  explicit operator bool() const { return m_mine; }

 private:
  std::atomic_flag& m_flag;
  bool m_mine;
};

}  // namespace

// By Fibonacci hashing (Knuth, TAOCP 6.4): the records of a file stand at regular distances.
std::size_t RememberedPlaces::slot_of(std::size_t at) {
  return static_cast<std::uint32_t>(at) * 2654435769u >> 23u;
}

bool RememberedPlaces::find(std::size_t at, std::string_view language, Location& place) const {
  const Slot& slot = m_slots[slot_of(at)];
  const Hold hold(slot.in_hand);
  if (!hold || !slot.entry || slot.entry->at != at || slot.entry->language != language)
    return false;
  place = slot.entry->place;
  return true;
}

void RememberedPlaces::offer(std::size_t at, std::string_view language, const Location& place) {
  Slot& slot = m_slots[slot_of(at)];
  const Hold hold(slot.in_hand);
  if (!hold) return;
  if (std::exchange(slot.offered, at + 1) != at + 1) return;
  slot.entry = std::make_unique<const Entry>(Entry{at, std::string(language), place});
}

}  // namespace innkeeper::location
