// Tables, indexes and triggers, and the numbered steps that bring an older database to them.
#pragma once

#include <string>
#include <vector>

#include "store/connection.h"
#include "store/user_table.h"

namespace innkeeper::store {

struct MigrationReport {
  std::vector<std::string> steps;  // what was done, a line each; empty where all was there
};

// Brings the database to this program's schema: innkeeper_session, innkeeper_ended with their
// indexes and triggers, and the user table where there is none. Tables of a Django site are taken
// as they are. Each step is one transaction, noted in innkeeper_migration; running it twice, or
// from two processes at once, does nothing twice. Throws StoreError: newer where the schema is from
// a later program, read_only, full, locked; missing where a table that is there lacks a column,
// where a host has made no user table yet, and where a database that has had one (Django's, or one
// migrated before) has no table of the name that is set: that would sign nobody in, so it is made
// for UsersOf::innkeeper_anew alone.
MigrationReport migrate(Connection& connection, const UserColumns& users,
                        UsersOf whose = UsersOf::innkeeper);

// What migrate() would do, in its words ("made table innkeeper_ended"), found by reading alone.
// Throws as migrate() does.
MigrationReport planned(Connection& connection, const UserColumns& users,
                        UsersOf whose = UsersOf::innkeeper);

// Whether the tables are there and of this program's schema: throws StoreError (missing: run
// `innkeeper migrate`; newer) where they are not. Cheap: for the start of a program.
void check_schema(Connection& connection);

}  // namespace innkeeper::store
