#include "store/ddl.h"

namespace innkeeper::store {

namespace {

SchemaObject index(std::string name, const std::string& on) {
  std::string statement = "CREATE INDEX " + name + " ON " + on;
  return {SchemaObject::Kind::index, std::move(name), {}, {std::move(statement)}};
}

}  // namespace

std::vector<std::string> session_columns() {
  return {"session_key",  "session_data", "expire_date", "user_id",       "ip",     "user_agent",
          "client_hints", "created_at",   "updated_at",  "last_activity", "version"};
}

std::vector<std::string> ended_columns() {
  return {"id",         "session_key", "user_id", "ip",   "user_agent",
          "created_at", "ended_at",    "reason",  "actor"};
}

std::vector<std::string> user_columns(const UserColumns& users) {
  std::vector<std::string> names;
  for (const std::string* name :
       {&users.id, &users.username, &users.password, &users.email, &users.first_name,
        &users.last_name, &users.is_active, &users.is_staff, &users.is_superuser, &users.last_login,
        &users.date_joined}) {
    if (!name->empty()) names.push_back(*name);
  }
  return names;
}

// Django bounds an index's name to 30 characters; its migration uses these too.
std::vector<SchemaObject> schema_indexes() {
  return {
      index("innkeeper_session_user", "innkeeper_session (user_id, expire_date)"),
      index("innkeeper_session_expire", "innkeeper_session (expire_date, session_key)"),
      index("innkeeper_session_activity", "innkeeper_session (last_activity, session_key)"),
      index("innkeeper_session_ip", "innkeeper_session (ip)"),
      index("innkeeper_ended_session", "innkeeper_ended (session_key)"),
      index("innkeeper_ended_at", "innkeeper_ended (ended_at)"),
      index("innkeeper_ended_user", "innkeeper_ended (user_id, id)"),
  };
}

std::vector<SchemaObject> schema(Dialect dialect, const UserColumns& users,
                                 const std::string& key_column) {
  if (dialect == Dialect::sqlite) return sqlite_schema(users);
  return dialect == Dialect::postgres ? postgres_schema(users, key_column)
                                      : mariadb_schema(users, key_column);
}

Inspection inspection(Dialect dialect) {
  if (dialect == Dialect::sqlite) {
    return {"SELECT type, name FROM sqlite_master", "SELECT name FROM pragma_table_info(?)", ""};
  }
  if (dialect == Dialect::postgres) {
    return {
        "SELECT 'table', table_name FROM information_schema.tables "
        "WHERE table_schema = current_schema() UNION ALL "
        "SELECT 'index', indexname FROM pg_indexes WHERE schemaname = current_schema() UNION ALL "
        "SELECT 'trigger', tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace",
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = ?",
        "SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c "
        "ON c.oid = a.attrelid WHERE c.relnamespace = current_schema()::regnamespace "
        "AND c.relname = ? AND a.attname = ?"};
  }
  return {
      "SELECT 'table', table_name FROM information_schema.tables "
      "WHERE table_schema = DATABASE() UNION ALL "
      "SELECT DISTINCT 'index', index_name FROM information_schema.statistics "
      "WHERE table_schema = DATABASE() UNION ALL "
      "SELECT 'trigger', trigger_name FROM information_schema.triggers "
      "WHERE trigger_schema = DATABASE()",
      "SELECT column_name FROM information_schema.columns "
      "WHERE table_schema = DATABASE() AND table_name = ?",
      "SELECT CONCAT(column_type, CASE WHEN collation_name IS NULL THEN '' ELSE CONCAT("
      "' CHARACTER SET ', character_set_name, ' COLLATE ', collation_name) END) "
      "FROM information_schema.columns "
      "WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?"};
}

std::string column_name(Dialect dialect, std::string name) {
  if (dialect == Dialect::postgres) return name;
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

std::set<std::string> column_names(Connection& connection, const std::string& table) {
  const Dialect dialect = connection.dialect();
  std::set<std::string> names;
  for (const Row& row : connection.query(inspection(dialect).columns, std::vector<Value>{table}))
    names.insert(column_name(dialect, as_text(row.at(0), "name")));
  return names;
}

}  // namespace innkeeper::store
