#include "web/time_text.h"

#include <array>
#include <cstdio>

namespace innkeeper::web {
namespace {

using namespace std::chrono;

struct Parts {
  int year;
  unsigned month, day;
  int hour, minute, second;
};

Parts parts_of(Time moment) {
  const auto date = floor<std::chrono::days>(moment);
  const year_month_day ymd(date);
  const hh_mm_ss clock(floor<seconds>(moment - date));
  return {static_cast<int>(ymd.year()),
          static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day()),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

const char* month_name(unsigned month) {
  static constexpr std::array<const char*, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return names[month - 1];
}

std::string date_text(Time moment) {
  const Parts parts = parts_of(moment);
  return formatted("%u %s %d", parts.day, month_name(parts.month), parts.year);
}

std::string count_of(std::int64_t number, const char* unit) {
  return std::to_string(number) + ' ' + unit + (number == 1 ? "" : "s");
}

// Of a span below 60 days, in its greatest unit. What is past counts in whole units; what is to
// come is rounded, so that two weeks that have just begun are 14 days and not 13.
std::string span_text(Duration span, bool past) {
  const auto number = [&](auto unit) {
    using Unit = decltype(unit);
    return past ? floor<Unit>(span).count() : round<Unit>(span).count();
  };
  if (span < hours(1)) return count_of(number(minutes()), "minute");
  if (span < hours(24)) return count_of(number(hours()), "hour");
  return count_of(number(std::chrono::days()), "day");
}

}  // namespace

std::string relative_time(Time moment, Time now) {
  const bool past = moment <= now;
  const Duration span = past ? now - moment : moment - now;
  if (span >= std::chrono::days(60)) return date_text(moment);
  if (span < minutes(1)) return past ? "just now" : "in a moment";
  if (past && span >= hours(24) && span < hours(48)) return "yesterday";
  return past ? span_text(span, past) + " ago" : "in " + span_text(span, past);
}

std::string absolute_time(Time moment) {
  const Parts parts = parts_of(moment);
  return date_text(moment) + formatted(", %02d:%02d UTC", parts.hour, parts.minute);
}

std::string machine_time(Time moment) {
  const Parts parts = parts_of(moment);
  return formatted("%04d-%02u-%02uT%02d:%02d:%02dZ", parts.year, parts.month, parts.day, parts.hour,
                   parts.minute, parts.second);
}

View time_view(Time moment, Time now) {
  View view;
  view.text("datetime", machine_time(moment))
      .text("title", absolute_time(moment))
      .text("text", relative_time(moment, now));
  return view;
}

}  // namespace innkeeper::web
