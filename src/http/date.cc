#include "http/date.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace innkeeper::http {

std::string http_date(Time time) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr sys_seconds last = sys_days(year(9999) / 12 / 31) + 86399s;
  const sys_seconds moment = std::min(floor<seconds>(time), last);
  const sys_days date = floor<std::chrono::days>(moment);
  const year_month_day ymd(date);
  const hh_mm_ss clock(moment - date);
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      days[weekday(date).c_encoding()], static_cast<unsigned>(ymd.day()),
      months[static_cast<unsigned>(ymd.month()) - 1], static_cast<int>(ymd.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace innkeeper::http
