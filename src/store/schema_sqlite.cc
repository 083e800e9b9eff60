#include "store/ddl.h"
#include "store/dialect.h"

namespace innkeeper::store {

namespace {

using Kind = SchemaObject::Kind;

// Six digits, as every time here: strftime knows milliseconds only.
const std::string now = "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')";
// A time as Django may have written it, without a fraction where that is zero, made comparable.
std::string six_digits(const std::string& column) {
  return "substr(" + column + " || '.000000', 1, 26)";
}

std::string key_column(KeyType type) {
  if (type == KeyType::integer) return "integer";
  return type == KeyType::uuid ? "char(32)" : "varchar(255)";
}

SchemaObject user_table(const UserColumns& users) {
  std::string sql = "CREATE TABLE " + quoted(Dialect::sqlite, users.table) + " (";
  sql += quoted(Dialect::sqlite, users.id) + ' ' + key_column(users.key_type) +
         " NOT NULL PRIMARY KEY" + (users.key_type == KeyType::integer ? " AUTOINCREMENT" : "");
  const auto column = [&sql](const std::string& name, const char* type) {
    if (!name.empty()) sql += ", " + quoted(Dialect::sqlite, name) + ' ' + type;
  };
  column(users.password, "varchar(128) NOT NULL");
  column(users.last_login, "datetime NULL");
  column(users.is_superuser, "bool NOT NULL");
  column(users.username, "varchar(150) NOT NULL UNIQUE");
  column(users.last_name, "varchar(150) NOT NULL");
  column(users.email, "varchar(254) NOT NULL");
  column(users.is_staff, "bool NOT NULL");
  column(users.is_active, "bool NOT NULL");
  column(users.date_joined, "datetime NOT NULL");
  column(users.first_name, "varchar(150) NOT NULL");
  return {Kind::table, users.table, user_columns(users), {sql + ")"}};
}

// The payload stands last: whoever reads another column of a row with a large payload need not
// follow its overflow pages.
SchemaObject session_table(const UserColumns& users) {
  const std::string owner =
      quoted(Dialect::sqlite, users.table) + " (" + quoted(Dialect::sqlite, users.id) + ")";
  return {Kind::table,
          "innkeeper_session",
          session_columns(),
          {"CREATE TABLE innkeeper_session ("
           "session_key varchar(40) NOT NULL PRIMARY KEY, "
           "expire_date datetime NOT NULL, "
           "user_id " +
           key_column(users.key_type) + " NULL REFERENCES " + owner +
           " ON DELETE CASCADE, "
           "ip char(39) NULL, "
           "user_agent varchar(512) NOT NULL DEFAULT '', "
           "client_hints varchar(512) NOT NULL DEFAULT '', "
           "created_at datetime NOT NULL, "
           "updated_at datetime NOT NULL, "
           "last_activity datetime NOT NULL, "
           "version bigint NOT NULL DEFAULT 1, "
           "session_data text NOT NULL)"}};
}

// No foreign key: the history outlives the user. AUTOINCREMENT: an id is never used twice, the feed
// relies on it.
SchemaObject ended_table(const UserColumns& users) {
  return {Kind::table,
          "innkeeper_ended",
          ended_columns(),
          {"CREATE TABLE innkeeper_ended ("
           "id integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
           "session_key varchar(40) NOT NULL, "
           "user_id " +
           key_column(users.key_type) +
           " NULL, "
           "ip char(39) NULL, "
           "user_agent varchar(512) NOT NULL DEFAULT '', "
           "created_at datetime NULL, "
           "ended_at datetime NOT NULL, "
           "reason varchar(16) NOT NULL, "
           "actor varchar(255) NOT NULL DEFAULT '')"}};
}

// A trigger that writes the old row into the feed as `reason`.
SchemaObject recorder(std::string name, const std::string& event, const std::string& condition,
                      const std::string& reason) {
  std::string sql = "CREATE TRIGGER " + name + " AFTER " + event +
                    " ON innkeeper_session FOR EACH ROW WHEN " + condition +
                    " AND OLD.expire_date > " + now +
                    " BEGIN INSERT INTO innkeeper_ended (session_key, user_id, ip, user_agent, "
                    "created_at, ended_at, reason, actor) VALUES (OLD.session_key, OLD.user_id, "
                    "OLD.ip, coalesce(OLD.user_agent, ''), OLD.created_at, " +
                    now + ", '" + reason + "', ''); END";
  return {Kind::trigger, std::move(name), {}, {std::move(sql)}};
}

// Django leaves out a fraction that is zero. All rows having one form, texts compare as the times
// that they are.
SchemaObject normaliser(std::string name, const std::string& event) {
  const std::string set =
      "UPDATE innkeeper_session SET expire_date = " + six_digits("expire_date") +
      ", last_activity = " + six_digits("last_activity") + " WHERE ";
  std::string trigger = "CREATE TRIGGER " + name + " AFTER " + event +
                        " ON innkeeper_session FOR EACH ROW WHEN length(NEW.expire_date) = 19 "
                        "OR length(NEW.last_activity) = 19 BEGIN " +
                        set + "session_key = NEW.session_key; END";
  std::string rows_so_far = set + "length(expire_date) = 19 OR length(last_activity) = 19";
  return {Kind::trigger, std::move(name), {}, {std::move(rows_so_far), std::move(trigger)}};
}

}  // namespace

std::vector<SchemaObject> sqlite_schema(const UserColumns& users) {
  std::vector<SchemaObject> objects{user_table(users), session_table(users), ended_table(users)};
  for (SchemaObject& index : schema_indexes()) objects.push_back(std::move(index));
  objects.push_back(normaliser("innkeeper_session_times_insert", "INSERT"));
  objects.push_back(
      normaliser("innkeeper_session_times_update", "UPDATE OF expire_date, last_activity"));
  // A purge has noted as `expired` what it removes, idle sessions among it, whose date lies ahead.
  objects.push_back(recorder("innkeeper_session_removed", "DELETE",
                             "NOT EXISTS (SELECT 1 FROM innkeeper_ended WHERE session_key = "
                             "OLD.session_key AND reason = 'expired')",
                             "removed"));
  objects.push_back(recorder("innkeeper_session_shortened", "UPDATE OF expire_date",
                             six_digits("NEW.expire_date") + " < " + six_digits("OLD.expire_date"),
                             "shortened"));
  objects.push_back(recorder("innkeeper_session_renamed", "UPDATE OF session_key",
                             "NEW.session_key <> OLD.session_key", "removed"));
  return objects;
}

}  // namespace innkeeper::store
