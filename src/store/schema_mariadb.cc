#include "store/ddl.h"
#include "store/dialect.h"

namespace innkeeper::store {

namespace {

using Kind = SchemaObject::Kind;

// A User-Agent may hold any character, whatever the database's own default is.
constexpr const char* table_options = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

std::string default_key_column(KeyType type) {
  if (type == KeyType::integer) return "integer";
  return type == KeyType::uuid ? "char(32)" : "varchar(255)";
}

SchemaObject user_table(const UserColumns& users, const std::string& key_column) {
  std::string sql = "CREATE TABLE " + quoted(Dialect::mariadb, users.table) + " (";
  sql += quoted(Dialect::mariadb, users.id) + ' ' + key_column + " NOT NULL" +
         (users.key_type == KeyType::integer ? " AUTO_INCREMENT" : "") + " PRIMARY KEY";
  const auto column = [&sql](const std::string& name, const char* type) {
    if (!name.empty()) sql += ", " + quoted(Dialect::mariadb, name) + ' ' + type;
  };
  column(users.password, "varchar(128) NOT NULL");
  column(users.last_login, "datetime(6) NULL");
  column(users.is_superuser, "bool NOT NULL");
  column(users.username, "varchar(150) NOT NULL UNIQUE");
  column(users.last_name, "varchar(150) NOT NULL");
  column(users.email, "varchar(254) NOT NULL");
  column(users.is_staff, "bool NOT NULL");
  column(users.is_active, "bool NOT NULL");
  column(users.date_joined, "datetime(6) NOT NULL");
  column(users.first_name, "varchar(150) NOT NULL");
  return {Kind::table, users.table, user_columns(users), {sql + ')' + table_options}};
}

SchemaObject session_table(const UserColumns& users, const std::string& key_column) {
  const std::string owner =
      quoted(Dialect::mariadb, users.table) + " (" + quoted(Dialect::mariadb, users.id) + ")";
  return {Kind::table,
          "innkeeper_session",
          session_columns(),
          {"CREATE TABLE innkeeper_session ("
           "session_key varchar(40) NOT NULL PRIMARY KEY, "
           "expire_date datetime(6) NOT NULL, "
           "user_id " +
           key_column +
           " NULL, "
           "ip char(39) NULL, "
           "user_agent varchar(512) NOT NULL DEFAULT '', "
           "client_hints varchar(512) NOT NULL DEFAULT '', "
           "created_at datetime(6) NOT NULL, "
           "updated_at datetime(6) NOT NULL, "
           "last_activity datetime(6) NOT NULL, "
           "version bigint NOT NULL DEFAULT 1, "
           "session_data longtext NOT NULL, "
           "FOREIGN KEY (user_id) REFERENCES " +
           owner + " ON DELETE CASCADE)" + table_options}};
}

SchemaObject ended_table(const std::string& key_column) {
  return {Kind::table,
          "innkeeper_ended",
          ended_columns(),
          {"CREATE TABLE innkeeper_ended ("
           "id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, "
           "session_key varchar(40) NOT NULL, "
           "user_id " +
           key_column +
           " NULL, "
           "ip char(39) NULL, "
           "user_agent varchar(512) NOT NULL DEFAULT '', "
           "created_at datetime(6) NULL, "
           "ended_at datetime(6) NOT NULL, "
           "reason varchar(16) NOT NULL, "
           "actor varchar(255) NOT NULL DEFAULT '')" +
           table_options}};
}

SchemaObject recorder(std::string name, const std::string& event, const std::string& condition,
                      const std::string& reason) {
  std::string sql = "CREATE TRIGGER " + name + " AFTER " + event +
                    " ON innkeeper_session FOR EACH ROW INSERT INTO innkeeper_ended (session_key, "
                    "user_id, ip, user_agent, created_at, ended_at, reason, actor) SELECT "
                    "OLD.session_key, OLD.user_id, OLD.ip, coalesce(OLD.user_agent, ''), "
                    "OLD.created_at, UTC_TIMESTAMP(6), '" +
                    reason + "', '' FROM DUAL WHERE OLD.expire_date > UTC_TIMESTAMP(6) AND " +
                    condition;
  return {Kind::trigger, std::move(name), {}, {std::move(sql)}};
}

// A cascade fires no trigger here, a plain DELETE does: the user's sessions go first.
SchemaObject cascade(const UserColumns& users) {
  const std::string name = "innkeeper_user_removed";
  return {Kind::trigger,
          name,
          {},
          {"CREATE TRIGGER " + name + " BEFORE DELETE ON " + quoted(Dialect::mariadb, users.table) +
           " FOR EACH ROW DELETE FROM innkeeper_session WHERE user_id = OLD." +
           quoted(Dialect::mariadb, users.id)}};
}

}  // namespace

std::vector<SchemaObject> mariadb_schema(const UserColumns& users, std::string key_column) {
  if (key_column.empty()) key_column = default_key_column(users.key_type);
  std::vector<SchemaObject> objects{user_table(users, key_column), session_table(users, key_column),
                                    ended_table(key_column)};
  for (SchemaObject& index : schema_indexes()) objects.push_back(std::move(index));
  objects.push_back(recorder("innkeeper_session_removed", "DELETE",
                             "NOT EXISTS (SELECT 1 FROM innkeeper_ended WHERE session_key = "
                             "OLD.session_key AND reason = 'expired')",
                             "removed"));
  // One trigger for both changes of a row; a renamed row is gone for whoever knew its old key.
  objects.push_back(recorder(
      "innkeeper_session_shortened", "UPDATE",
      "NEW.session_key = OLD.session_key AND NEW.expire_date < OLD.expire_date", "shortened"));
  objects.push_back(recorder("innkeeper_session_renamed", "UPDATE",
                             "NEW.session_key <> OLD.session_key", "removed"));
  objects.push_back(cascade(users));
  return objects;
}

}  // namespace innkeeper::store
