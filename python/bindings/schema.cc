#include "store/schema.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind.h"
#include "host_database.h"
#include "settings.h"
#include "store/ddl.h"

namespace innkeeper::python {

namespace {

// The statements for an empty database that has a user table: what `sqlmigrate` shows.
std::vector<std::string> schema_statements(const std::string& vendor, const nb::dict& users,
                                           const std::string& key_column) {
  const store::UserColumns columns = to_user_columns(users);
  std::vector<std::string> statements;
  for (const auto& object : store::schema(dialect_of(vendor), columns, key_column)) {
    if (object.name == columns.table) continue;
    statements.insert(statements.end(), object.statements.begin(), object.statements.end());
  }
  return statements;
}

std::vector<std::string> migrate(nb::object host, const nb::dict& users) {
  const store::UserColumns columns = to_user_columns(users);
  HostDatabase database(std::move(host));
  const nb::gil_scoped_release no_gil;
  return store::migrate(*database.connect(store::Access::write), columns, store::UsersOf::host)
      .steps;
}

}  // namespace

void bind_schema(nb::module_& module) {
  module.def("schema_statements", &schema_statements, nb::arg("vendor"), nb::arg("users"),
             nb::arg("key_column"));
  module.def(
      "migrate", &migrate, nb::arg("database"), nb::arg("users"),
      "Makes what is missing of tables, indexes and triggers, but never the users'; what was "
      "done, a line each.");
}

}  // namespace innkeeper::python
