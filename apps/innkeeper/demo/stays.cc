#include "demo/stays.h"

#include <algorithm>
#include <array>
#include <string>

#include "demo/people.h"

namespace innkeeper::app {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr days cookie_age{14};

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine, which <random>'s
// distributions do not promise.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (m_state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  Duration up_to(Duration longest) {
    return Duration(
        static_cast<Duration::rep>(next() % static_cast<std::uint64_t>(longest.count() + 1)));
  }
  Time between(Time first, Time last) { return last > first ? first + up_to(last - first) : first; }

 private:
  std::uint64_t m_state;
};

struct Gadget {
  std::string user_agent, client_hints;
};

std::vector<Gadget> gadgets_of(std::string_view lines) {
  std::vector<Gadget> gadgets;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = std::min(line.find('\t'), line.size());
    gadgets.push_back({session::column_text(line.substr(0, tab)),
                       session::column_text(line.substr(std::min(tab + 1, line.size())))});
  }
  if (gadgets.empty()) gadgets.emplace_back();
  return gadgets;
}

IpAddress documentation_address(Dice& dice) {
  constexpr std::array<std::string_view, 3> nets{"192.0.2.", "198.51.100.", "203.0.113."};
  if (!dice.chance(20)) {
    return *IpAddress::parse(std::string(nets[dice.below(nets.size())]) +
                             std::to_string(1 + dice.below(254)));
  }
  std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
  bytes[4] = static_cast<std::uint8_t>(dice.below(256));
  for (std::size_t i = 8; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(dice.below(256));
  return IpAddress::from_bytes(bytes);
}

// What somebody signs in with and from, again and again.
struct Habits {
  std::vector<Gadget> gadgets;
  std::vector<IpAddress> homes;
};

Habits habits(Dice& dice, const std::vector<Gadget>& all) {
  Habits habits;
  for (std::size_t i = 0, number = 2 + dice.below(3); i < number; ++i) {
    habits.gadgets.push_back(all[dice.below(all.size())]);
  }
  for (std::size_t i = 0, number = 1 + dice.below(3); i < number; ++i) {
    habits.homes.push_back(documentation_address(dice));
  }
  return habits;
}

session::Client client_of(Dice& dice, const Habits& habits) {
  const Gadget& gadget = habits.gadgets[dice.below(habits.gadgets.size())];
  // Mostly from home.
  const std::size_t place = dice.chance(75) ? 0 : dice.below(habits.homes.size());
  return {habits.homes[place], gadget.user_agent, gadget.client_hints};
}

// The lesser of two throws: people sign in, and come back, now rather than then.
Duration rather_short(Dice& dice, Duration longest) {
  return std::min(dice.up_to(longest), dice.up_to(longest));
}

void make_alive(Dice& dice, Stay& stay, Time now) {
  stay.created_at = now - minutes(1) - rather_short(dice, days(13));
  const Duration away = dice.chance(8) ? minutes(4) : now - stay.created_at;
  stay.last_activity = std::max(stay.created_at, now - rather_short(dice, away));
  stay.updated_at = dice.between(stay.created_at, stay.last_activity);
}

void make_expired(Dice& dice, Stay& stay, Time now) {
  stay.created_at = now - days(16) - dice.up_to(days(12));
  stay.updated_at = stay.created_at + dice.up_to(hours(20));
  stay.last_activity = stay.updated_at + dice.up_to(days(3));
}

Ending make_ended(Dice& dice, Stay& stay, Time now) {
  const Time end = now - minutes(1) - rather_short(dice, days(18));
  stay.created_at = end - minutes(1) - rather_short(dice, days(11));
  stay.last_activity = dice.between(stay.created_at, end);
  stay.updated_at = dice.between(stay.created_at, stay.last_activity);
  Ending ending{end, store::Reason::signed_out};
  const std::size_t throw_of_100 = dice.below(100);
  if (throw_of_100 >= 55) ending.reason = store::Reason::revoked;
  if (throw_of_100 >= 90) ending.reason = store::Reason::removed;
  ending.by_staff = throw_of_100 >= 75;
  return ending;
}

}  // namespace

std::vector<Stay> make_stays(std::uint64_t seed, std::size_t number, Time now,
                             std::string_view user_agents,
                             const std::function<bool()>& is_stopped) {
  Dice dice(seed);
  const std::vector<Gadget> gadgets = gadgets_of(user_agents);
  std::vector<Habits> all_habits;
  for (std::size_t i = 0; i < demo_people().size(); ++i)
    all_habits.push_back(habits(dice, gadgets));
  std::vector<Stay> stays;
  stays.reserve(number);
  for (std::size_t i = 0; i < number && !is_stopped(); ++i) {
    Stay& stay = stays.emplace_back();
    // Everybody has one at least, and a visitor's is from anywhere.
    const bool visitor = i >= all_habits.size() && dice.chance(10);
    if (!visitor) stay.person = i < all_habits.size() ? i : dice.below(all_habits.size());
    stay.client = client_of(dice, visitor ? habits(dice, gadgets) : all_habits[*stay.person]);
    const std::size_t fate = i < all_habits.size() ? 0 : dice.below(100);
    if (fate < 65)
      make_alive(dice, stay, now);
    else if (fate < 78)
      make_expired(dice, stay, now);
    else
      stay.ending = make_ended(dice, stay, now);
    stay.expire_date = stay.updated_at + cookie_age;
  }
  std::ranges::stable_sort(stays, {}, &Stay::created_at);
  return stays;
}

}  // namespace innkeeper::app
