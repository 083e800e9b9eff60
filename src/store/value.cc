#include "store/value.h"

#include <charconv>

#include "base/error.h"

namespace innkeeper::store {

namespace {

[[noreturn]] void refuse(std::string_view column, const char* wanted) {
  throw StoreError(StoreError::Kind::corrupt, "the database holds something in column " +
                                                  std::string(column) + " that is not " + wanted +
                                                  ": mend or delete the row");
}

void write_digits(char* end, unsigned value, int count) {
  for (; count > 0; --count, value /= 10) *--end = static_cast<char>('0' + value % 10);
}

// Reads `count` digits at the head of `text` and takes them off.
bool take_digits(std::string_view& text, int count, int& value) {
  if (text.size() < static_cast<std::size_t>(count)) return false;
  value = 0;
  for (int i = 0; i < count; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_day(std::string_view& text, Time& time) {
  int year = 0, month = 0, day = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) ||
      !take(text, '-') || !take_digits(text, 2, day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  time = Time(std::chrono::sys_days(date));
  return true;
}

bool take_clock(std::string_view& text, Time& time) {
  int hour = 0, minute = 0, second = 0;
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute) ||
      !take(text, ':') || !take_digits(text, 2, second) || hour > 23 || minute > 59 ||
      second > 59) {
    return false;
  }
  time += std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second);
  return true;
}

// ".5" up to ".678901"; nothing at all is no fraction.
bool take_fraction(std::string_view& text, Time& time) {
  if (!take(text, '.')) return true;
  std::int64_t micros = 0;
  int count = 0;
  for (int digit = 0; count < 6 && take_digits(text, 1, digit); ++count)
    micros = micros * 10 + digit;
  if (count == 0) return false;
  for (; count < 6; ++count) micros *= 10;
  time += Duration(micros);
  return true;
}

// "Z", "+00", "+0000", "+00:00" as PostgreSQL and Python write them; nothing at all is UTC.
bool take_offset(std::string_view& text, Time& time) {
  if (text.empty() || take(text, 'Z')) return true;
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return false;
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  take(text, ':');
  if (!text.empty() && !take_digits(text, 2, minutes)) return false;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  time += east ? -offset : offset;
  return true;
}

std::optional<Time> parse_time(std::string_view text) {
  Time time;
  if (!take_day(text, time)) return std::nullopt;
  if (!take(text, ' ') && !take(text, 'T')) return std::nullopt;
  if (!take_clock(text, time) || !take_fraction(text, time) || !take_offset(text, time)) {
    return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return time;
}

}  // namespace

bool is_null(const Value& value) { return std::holds_alternative<Null>(value); }

std::int64_t as_integer(const Value& value, std::string_view column) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* text = std::get_if<std::string>(&value)) {
    std::int64_t parsed = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, parsed);
    if (error == std::errc{} && stop == end) return parsed;
  }
  refuse(column, "an integer");
}

std::string as_text(const Value& value, std::string_view column) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* address = std::get_if<IpAddress>(&value)) return address->to_string();
  refuse(column, "text");
}

std::string text_or_empty(const Value& value, std::string_view column) {
  return is_null(value) ? std::string() : as_text(value, column);
}

Time as_time(const Value& value, std::string_view column) {
  if (const auto* time = std::get_if<Time>(&value)) return *time;
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (const auto time = parse_time(*text)) return *time;
  }
  refuse(column, "a time");
}

std::optional<IpAddress> as_ip(const Value& value, std::string_view /*column*/) {
  if (const auto* address = std::get_if<IpAddress>(&value)) return *address;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  // PostgreSQL's inet prints a prefix where it is not the host's own.
  return IpAddress::parse(std::string_view(*text).substr(0, text->find('/')));
}

session::SessionId as_session_id(const Value& value, std::string_view column) {
  if (auto id = session::SessionId::parse(as_text(value, column))) return *std::move(id);
  throw StoreError(StoreError::Kind::corrupt,
                   "the database holds a " + std::string(column) +
                       " that is no digest (40 hexadecimal digits): move old rows with the "
                       "migration command, or delete them");
}

bool as_bool(const Value& value, std::string_view column) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer != 0;
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (*text == "1" || *text == "t" || *text == "true") return true;
    if (*text == "0" || *text == "f" || *text == "false") return false;
  }
  refuse(column, "true or false");
}

std::string sqlite_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto micros = static_cast<std::uint64_t>((time - day).count());
  const auto seconds = static_cast<unsigned>(micros / 1'000'000);
  std::string text = "0000-00-00 00:00:00.000000";
  char* const start = text.data();
  write_digits(start + 4, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  write_digits(start + 7, static_cast<unsigned>(date.month()), 2);
  write_digits(start + 10, static_cast<unsigned>(date.day()), 2);
  write_digits(start + 13, seconds / 3600, 2);
  write_digits(start + 16, seconds / 60 % 60, 2);
  write_digits(start + 19, seconds % 60, 2);
  write_digits(start + 26, static_cast<unsigned>(micros % 1'000'000), 6);
  return text;
}

std::optional<KeyType> key_type_of(std::string_view word) {
  if (word == "integer") return KeyType::integer;
  if (word == "uuid") return KeyType::uuid;
  if (word == "text") return KeyType::text;
  return std::nullopt;
}

}  // namespace innkeeper::store
