#include "store/schema.h"

#include <set>

#include "base/error.h"
#include "store/ddl.h"
#include "store/dialect.h"

namespace innkeeper::store {

namespace {

constexpr std::int64_t program_version = 1;
constexpr const char* version_table = "innkeeper_migration";
constexpr const char* django_table = "django_migrations";

using Kind = SchemaObject::Kind;
using Names = std::set<std::pair<std::string, std::string>>;  // (kind, name)

const char* word(Kind kind) {
  if (kind == Kind::table) return "table";
  return kind == Kind::index ? "index" : "trigger";
}

// The type that the users' key has in the table that is there; empty where there is none, or where
// types bind nobody.
std::string key_column(Connection& connection, const UserColumns& users) {
  const std::string statement = inspection(connection.dialect()).type;
  if (statement.empty()) return {};
  const std::vector<Value> names{users.table, users.id};
  const Rows rows = connection.query(statement, names);
  return rows.empty() ? std::string() : as_text(rows[0].at(0), "type");
}

Names present(Connection& connection) {
  Names names;
  for (const Row& row : connection.query(inspection(connection.dialect()).objects, {})) {
    names.emplace(as_text(row.at(0), "type"), as_text(row.at(1), "name"));
  }
  return names;
}

bool has(const Names& names, const SchemaObject& object) {
  return names.contains({word(object.kind), object.name});
}

// A table that somebody else made must have what the statements rely on.
void check_columns(Connection& connection, const SchemaObject& table) {
  const std::set<std::string> there = column_names(connection, table.name);
  for (const std::string& column : table.columns) {
    if (there.contains(column_name(connection.dialect(), column))) continue;
    throw StoreError(StoreError::Kind::missing,
                     connection.describe() + ": table " + table.name + " has no column " + column +
                         ": it was made by something else; name the right table or move it away");
  }
}

// A table of our making would stand in the host's way, and its users not in it.
void require_users(Connection& connection, const UserColumns& users) {
  if (present(connection).contains({"table", users.table})) return;
  throw StoreError(StoreError::Kind::missing,
                   connection.describe() + " has no table " + users.table +
                       ": sessions stand beside their users; migrate these first, or keep both in "
                       "one database");
}

std::optional<std::int64_t> version_of(Connection& connection) {
  const Rows rows = connection.query("SELECT max(version) FROM innkeeper_migration", {});
  if (rows.empty() || is_null(rows[0].at(0))) return std::nullopt;
  return as_integer(rows[0].at(0), "version");
}

void refuse_newer(Connection& connection, std::int64_t version) {
  if (version <= program_version) return;
  throw StoreError(StoreError::Kind::newer,
                   connection.describe() + " has schema " + std::to_string(version) +
                       ", made by a later program; this one knows schemas up to " +
                       std::to_string(program_version) + ": upgrade this program");
}

void make_version_table(Connection& connection) {
  const Dialect dialect = connection.dialect();
  const char* time = dialect == Dialect::sqlite     ? "datetime"
                     : dialect == Dialect::postgres ? "timestamptz"
                                                    : "datetime(6)";
  connection.execute(std::string("CREATE TABLE IF NOT EXISTS innkeeper_migration (version integer "
                                 "NOT NULL PRIMARY KEY, applied_at ") +
                         time + " NOT NULL)",
                     {});
}

void note_version(Connection& connection) {
  const Value now = SystemClock().now();
  connection.execute("INSERT INTO innkeeper_migration (version, applied_at) VALUES (?, ?)",
                     std::vector<Value>{program_version, now});
}

// What there is to do.
struct Plan {
  bool note = false;  // of the version
  std::vector<const SchemaObject*> make;
};

// Users are looked for where they were before: an empty table of another name would sign nobody in.
void refuse_second_user_table(const Connection& connection, const std::string& table) {
  throw StoreError(StoreError::Kind::missing,
                   connection.describe() + " has no table " + table +
                       ", which the setting USER_TABLE names, and had users before: set it after "
                       "the table of the site's users (`manage.py innkeeper_config` prints that of "
                       "a Django site), or say `innkeeper migrate --new-user-table`");
}

// Found by reading alone, so that a migrated database need not be writable.
Plan plan_for(Connection& connection, const std::vector<SchemaObject>& objects,
              const UserColumns& users, UsersOf whose) {
  Plan plan;
  const Names names = present(connection);
  const bool has_version = names.contains({"table", version_table});
  const std::int64_t version = has_version ? version_of(connection).value_or(0) : 0;
  refuse_newer(connection, version);
  plan.note = version < program_version;
  const bool had_users = version > 0 || names.contains({"table", django_table});
  for (const SchemaObject& object : objects) {
    const bool is_table = object.kind == Kind::table;
    if (has(names, object)) {
      if (is_table) check_columns(connection, object);
      continue;
    }
    if (is_table && object.name == users.table && had_users && whose == UsersOf::innkeeper)
      refuse_second_user_table(connection, users.table);
    plan.make.push_back(&object);
  }
  return plan;
}

MigrationReport report_of(const Plan& plan) {
  MigrationReport report;
  for (const SchemaObject* object : plan.make)
    report.steps.push_back(std::string("made ") + word(object->kind) + ' ' + object->name);
  if (plan.note) report.steps.push_back("noted schema " + std::to_string(program_version));
  return report;
}

std::vector<SchemaObject> wanted(Connection& connection, const UserColumns& users, UsersOf whose) {
  check_names(users, whose);
  if (whose == UsersOf::host) require_users(connection, users);
  return schema(connection.dialect(), users, key_column(connection, users));
}

}  // namespace

MigrationReport planned(Connection& connection, const UserColumns& users, UsersOf whose) {
  const std::vector<SchemaObject> objects = wanted(connection, users, whose);
  return report_of(plan_for(connection, objects, users, whose));
}

MigrationReport migrate(Connection& connection, const UserColumns& users, UsersOf whose) {
  const std::vector<SchemaObject> objects = wanted(connection, users, whose);
  if (report_of(plan_for(connection, objects, users, whose)).steps.empty()) return {};
  Transaction transaction(connection);
  make_version_table(connection);
  // Once more, where nobody else can change it meanwhile.
  const Plan plan = plan_for(connection, objects, users, whose);
  for (const SchemaObject* object : plan.make)
    for (const std::string& statement : object->statements) connection.execute(statement, {});
  if (plan.note) note_version(connection);
  transaction.commit();
  return report_of(plan);
}

void check_schema(Connection& connection) {
  const auto missing = [&connection] {
    return StoreError(StoreError::Kind::missing, connection.describe() +
                                                     " has no tables of Innkeeper yet: run "
                                                     "`innkeeper migrate`");
  };
  std::optional<std::int64_t> version;
  try {
    version = version_of(connection);
  } catch (const StoreError& error) {
    if (error.kind() == StoreError::Kind::missing) throw missing();
    throw;
  }
  if (!version) throw missing();
  refuse_newer(connection, *version);
  if (*version < program_version) throw missing();
}

}  // namespace innkeeper::store
