#include "session/expiry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace innkeeper::session {

namespace {

using std::chrono::sys_days;
using std::chrono::year;

// What a database's and Python's calendars can hold.
constexpr Time first_time{sys_days(year(1) / 1 / 1)};
constexpr Time last_time = Time(sys_days(year(10000) / 1 / 1)) - Duration(1);

// Farther from any date than the calendar is long, and still far from overflowing microseconds.
constexpr std::int64_t longest_age = 400'000'000'000;

Time within_calendar(Time time) { return std::clamp(time, first_time, last_time); }

Time later(Time time, Seconds age) {
  const Seconds bounded(std::clamp<std::int64_t>(age.count(), -longest_age, longest_age));
  return within_calendar(within_calendar(time) + bounded);
}

// What a `_session_expiry` says: a time from now, or a date.
struct Wish {
  std::optional<double> age;
  std::optional<Time> date;
};

// The text is JSON as Python writes it: in a date-time nothing is escaped.
Wish read_wish(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"') {
    return {std::nullopt, parse_iso_time(json.substr(1, json.size() - 2))};
  }
  if (json.empty() || json.find_first_not_of("0123456789+-.eE") != json.npos) return {};
  double age = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), age);
  if (error != std::errc{} || end != json.data() + json.size()) return {};
  return {age, std::nullopt};
}

Time after(Time now, double age) {
  constexpr auto limit = static_cast<double>(longest_age);
  const double microseconds = std::round(std::clamp(age, -limit, limit) * 1e6);
  return within_calendar(now + Duration(static_cast<Duration::rep>(microseconds)));
}

}  // namespace

PayloadExpiry payload_expiry(const Fields& payload, const ExpiryPolicy& policy, Time now) {
  const std::string* field = find(payload, "_session_expiry");
  const Wish wish = field != nullptr ? read_wish(*field) : Wish{};
  if (wish.date) return {within_calendar(*wish.date), false};
  if (!wish.age) return {later(now, policy.cookie_age), policy.expire_at_browser_close};
  if (*wish.age == 0) return {later(now, policy.cookie_age), true};
  return {after(now, *wish.age), false};
}

Time ends_at(Time expire_date, Time last_activity, Time created_at, const ExpiryPolicy& policy) {
  Time end = expire_date;
  if (policy.idle_timeout) end = std::min(end, later(last_activity, *policy.idle_timeout));
  if (policy.absolute_timeout) end = std::min(end, later(created_at, *policy.absolute_timeout));
  return end;
}

}  // namespace innkeeper::session
