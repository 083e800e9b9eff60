#include <array>
#include <charconv>
#include <cstdio>

#include "session/expiry.h"

namespace innkeeper::session {

namespace {

// Takes the parts of a date-time off the front of a text; after the first that isn't there,
// everything fails.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : m_text(text) {}

  // Exactly `digits` digits.
  int number(std::size_t digits) {
    const std::string_view part = m_text.substr(0, digits);
    const bool whole =
        part.size() == digits && part.find_first_not_of("0123456789") == std::string_view::npos;
    int value = 0;
    if (whole) std::from_chars(part.data(), part.data() + part.size(), value);
    m_good = m_good && whole;
    m_text.remove_prefix(part.size());
    return value;
  }

  // Whether one of `characters` comes next; if so, it is taken.
  bool take(std::string_view characters) {
    if (m_text.empty() || characters.find(m_text.front()) == std::string_view::npos) return false;
    m_text.remove_prefix(1);
    return true;
  }
  void expect(std::string_view characters) { m_good = take(characters) && m_good; }

  // A fraction's digits as microseconds; more than six are cut off, as in Python.
  int microseconds() {
    const std::size_t count = std::min(m_text.find_first_not_of("0123456789"), m_text.size());
    std::string digits(m_text.substr(0, std::min<std::size_t>(count, 6)));
    m_good = m_good && count > 0 && count <= 9;
    m_text.remove_prefix(count);
    digits.resize(6, '0');
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

  bool done() const { return m_good && m_text.empty(); }
  char peek() const { return m_text.empty() ? '\0' : m_text.front(); }
  void require(bool condition) { m_good = m_good && condition; }

 private:
  std::string_view m_text;
  bool m_good = true;
};

Time read_date(TimeReader& reader) {
  const std::chrono::year year(reader.number(4));
  reader.expect("-");
  const std::chrono::month month(static_cast<unsigned>(reader.number(2)));
  reader.expect("-");
  const std::chrono::day day(static_cast<unsigned>(reader.number(2)));
  const std::chrono::year_month_day date(year, month, day);
  reader.require(date.ok() && year >= std::chrono::year(1));
  return Time(std::chrono::sys_days(date));
}

// HH:MM[:SS[.ffffff]]; the seconds must be there where `seconds_due`.
Duration read_clock(TimeReader& reader, bool seconds_due) {
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  int second = 0, fraction = 0;
  if (reader.take(":")) {
    second = reader.number(2);
    if (reader.take(".")) fraction = reader.microseconds();
  } else {
    reader.require(!seconds_due);
  }
  reader.require(hour < 24 && minute < 60 && second < 60);
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second) +
         Duration(fraction);
}

Duration read_offset(TimeReader& reader) {
  if (reader.take("Z")) return {};
  const bool west = reader.peek() == '-';
  if (!reader.take("+-")) return {};
  const Duration offset = read_clock(reader, false);
  return west ? -offset : offset;
}

}  // namespace

std::optional<Time> parse_iso_time(std::string_view text) {
  TimeReader reader(text);
  const Time date = read_date(reader);
  reader.expect("T ");
  const Duration clock = read_clock(reader, true);
  const Duration offset = read_offset(reader);
  if (!reader.done()) return std::nullopt;
  return date + clock - offset;
}

std::string iso_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text;
  const auto fraction = static_cast<int>(clock.subseconds().count());
  int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string written(text.data(), static_cast<std::size_t>(length));
  if (fraction != 0) {
    length = std::snprintf(text.data(), text.size(), ".%06d", fraction);
    written.append(text.data(), static_cast<std::size_t>(length));
  }
  return written + "+00:00";
}

}  // namespace innkeeper::session
