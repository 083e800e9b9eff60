// The tables, indexes and triggers in each database's words, as data: schema.cc looks at what is
// there and runs the rest. docs/formats.md has the same for people; Django's migration makes the
// same under the same names.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/connection.h"
#include "store/user_table.h"

namespace innkeeper::store {

// One thing in a database that is there or not.
struct SchemaObject {
  enum class Kind { table, index, trigger };
  Kind kind;
  std::string name;
  std::vector<std::string> columns;  // of a table: those it must have where somebody else made it
  std::vector<std::string> statements;  // that make it
};

// In the order in which they have to be made: the user table, the two of ours, indexes, triggers.
// `key_column` is the type of the users' key in the database's words ("bigint"), which user_id must
// have too; where it is empty, the one that the key's type has in a user table of ours.
std::vector<SchemaObject> sqlite_schema(const UserColumns& users);
std::vector<SchemaObject> postgres_schema(const UserColumns& users, std::string key_column = {});
std::vector<SchemaObject> mariadb_schema(const UserColumns& users, std::string key_column = {});
std::vector<SchemaObject> schema(Dialect dialect, const UserColumns& users,
                                 const std::string& key_column);

// Statements with which the schema is inspected.
struct Inspection {
  std::string objects;  // rows of (kind, name): kind is 'table', 'index' or 'trigger'
  std::string columns;  // of the table that is its parameter, by name
  std::string type;     // of a table's column, by their names; empty where types bind nobody
};
Inspection inspection(Dialect dialect);

// The names of a table's columns, each as column_name() has it; empty where there is no such table.
std::set<std::string> column_names(Connection& connection, const std::string& table);
// In small letters where the database does not tell them from capital ones (all but PostgreSQL).
std::string column_name(Dialect dialect, std::string name);

// The columns that the statements of this module rely on.
std::vector<std::string> session_columns();
std::vector<std::string> ended_columns();
std::vector<std::string> user_columns(const UserColumns& users);
// The indexes, the same in all three databases.
std::vector<SchemaObject> schema_indexes();

}  // namespace innkeeper::store
