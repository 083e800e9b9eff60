// What goes into a statement and comes out of a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "session/key.h"

namespace innkeeper::store {

struct Null {
  bool operator==(const Null&) const = default;
};

// A parameter or a column. A driver binds Time, IpAddress and bool as its database has them
// (docs/formats.md: text in SQLite, timestamptz and inet in PostgreSQL, datetime(6) and char(39) in
// MariaDB), and gives back what the database gives: the readers below take every such form. Text is
// UTF-8.
using Value = std::variant<Null, std::int64_t, double, std::string, Time, IpAddress, bool>;

// Readers of a column. They throw StoreError (corrupt) naming `column` where the value cannot be
// read as that.
bool is_null(const Value& value);
std::int64_t as_integer(const Value& value, std::string_view column);
std::string as_text(const Value& value,
                    std::string_view column);  // integers and UUIDs as their text
std::string text_or_empty(const Value& value, std::string_view column);  // empty for null
Time as_time(const Value& value, std::string_view column);  // also "YYYY-MM-DD HH:MM:SS[.ffffff]"
std::optional<IpAddress> as_ip(const Value& value,
                               std::string_view column);  // nothing for null and for junk
// The digest by which a row is known.
session::SessionId as_session_id(const Value& value, std::string_view column);
bool as_bool(const Value& value, std::string_view column);  // also 0 and 1

// What the user model's primary key is, and so what the column user_id holds.
enum class KeyType { integer, uuid, text };
// By its name in the settings: "integer", "uuid", "text".
std::optional<KeyType> key_type_of(std::string_view word);

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

// "2030-01-02 03:04:05.678901", UTC, always with six digits: times as Django's SQLite keeps them.
std::string sqlite_time(Time time);

}  // namespace innkeeper::store
