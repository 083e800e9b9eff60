// What crosses between C++ and Python: columns and parameters of a statement, clients, ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nanobind/nanobind.h>

#include "session/key.h"
#include "session/record.h"
#include "store/connection.h"
#include "store/session_table.h"

namespace innkeeper::python {

namespace nb = nanobind;

// Before the first conversion of a time; Python's datetime has an API of its own to be imported.
void import_datetime();

// A parameter as Django's cursor takes it. A time is text for SQLite (as Django keeps it there),
// naive UTC for MariaDB, aware for PostgreSQL; an address is text.
nb::object to_python(const store::Value& value, store::Dialect dialect);
nb::list to_python(std::span<const store::Value> values, store::Dialect dialect);

// A column as Django's cursor gives it. A naive time counts as UTC; what has no type of its own
// here (a UUID, an address object) becomes its text.
store::Value to_value(nb::handle column);
store::Rows to_rows(nb::handle rows);

// A time from Python: a datetime, which counts as UTC where it is naive.
Time to_time(nb::handle datetime);

// Text, or nothing for None. Lone surrogates, which UTF-8 has no room for, become '?'.
std::string to_text(nb::handle text);

// The client of a request. An address that is none counts as unknown.
session::Client to_client(const std::optional<std::string>& ip, nb::handle user_agent,
                          nb::handle client_hints);

// Ids from their texts; a text that is none is left out.
std::vector<session::SessionId> to_ids(const std::vector<std::string>& texts);

// Removed rows from pairs of an id and a user's key (or None); a pair without an id is left out.
std::vector<store::RemovedSession> to_removed(
    const std::vector<std::pair<std::string, std::optional<std::string>>>& rows);

// An aware datetime, in UTC.
nb::object to_datetime(Time time);

}  // namespace innkeeper::python
