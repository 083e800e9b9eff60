// Everything in which the three databases' statements differ, in one place. Tables and triggers
// differ too: ddl.h.
//
// Statements are written once, with `?` for parameters; the few words that no common form exists
// for come from here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "session/record.h"
#include "store/connection.h"

namespace innkeeper::store {

using session::UserId;

// The name of the SQL function that a SQLite connection must know: innkeeper_ip(TEXT) → 32
// hexadecimal digits of the 16-byte form of an address, null for null and for what is none.
// Deterministic. The driver `sqlite` registers it; `host` does so on Django's connection.
inline constexpr const char* ip_function = "innkeeper_ip";
// What that function returns; nothing for text that is no address.
std::optional<std::string> ip_digits(std::string_view text);

// A user's key as the column user_id holds it: an integer, 32 hexadecimal digits for a UUID
// (hyphens in PostgreSQL, which has the type), or the text itself. Nothing where the text cannot be
// such a key.
std::optional<Value> user_key(Dialect dialect, KeyType type, std::string_view id);
// Whether it can be such a key, in any database: the text of one holds no NUL and fits the column
// that this project makes.
bool is_user_key(KeyType type, std::string_view id);
// The other way: a UUID always with hyphens. Nothing for null.
std::optional<UserId> user_id(const Value& value, KeyType type, std::string_view column);

// A condition that holds where the column `ip` has an address in `network`; its parameters go to
// the end of `values`. An IPv6 network never takes in the IPv4 addresses that share its 16-byte
// form. No index serves it but for PostgreSQL, whose type knows networks.
std::string in_network(Dialect dialect, const IpNetwork& network, std::vector<Value>& values);
// A condition that holds wherever that one does, and perhaps beyond, and that the index on `ip`
// serves: by the part of their text that all addresses of it share (203.0. of 203.0.112.0/20).
// Empty where they share none.
std::string near_network(Dialect dialect, const IpNetwork& network, std::vector<Value>& values);

// `column`, in a comparison that must not choose the index. SQLite plans without knowing how many
// rows a range holds, and would rather sort a million rows than walk the index of the wanted order;
// a sign before the name forbids that.
std::string unindexed(Dialect dialect, std::string_view column);

// What makes a SELECT by its key read the row as it was last committed, and not the transaction's
// snapshot of it, to which writes do not keep. Only MariaDB reads so (REPEATABLE READ is its
// default, though not Django's): elsewhere a write in such a transaction is refused at once, or the
// snapshot is the statement's. The row stays locked until the transaction ends, for writing: who
// locked it for sharing alone, as another may, could not write it then without a deadlock.
std::string_view read_latest(Dialect dialect);

// A table's or column's name, quoted: a site's user table may be called "user" or "order".
std::string quoted(Dialect dialect, std::string_view name);

// "?, ?, ?" and so on, for `count` values of a list: rounded up (1, 2, 4, 8, …) so that lists of
// any length share a few prepared statements. `padded` fills the list's values up by repeating the
// last.
std::string places(std::size_t count);
void add_padded(std::vector<Value>& values, std::vector<Value> list);

}  // namespace innkeeper::store
