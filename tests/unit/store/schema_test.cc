// The schema beside a Django site's own tables, in SQLite.
#include "store/schema.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "store/ended_table.h"
#include "store/session_table.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store {
namespace {

using namespace std::chrono_literals;

const Time noon = ManualClock().now();

class SqliteSchema : public testing::Test {
 protected:
  void run(const std::string& sql) { m_lease->execute(sql, {}); }
  std::int64_t number(const std::string& sql) {
    return as_integer(m_lease->query(sql, {}).at(0).at(0), "number");
  }
  std::string text(const std::string& sql) {
    return as_text(m_lease->query(sql, {}).at(0).at(0), "text");
  }
  static SessionId some_id(char digit) { return *SessionId::parse(std::string(40, digit)); }
  static SessionRecord record(char digit) {
    return {some_id(digit), "payload", noon + 24h, {}, {}, noon, noon, noon, 1};
  }

  test::TemporaryFolder m_folder;
  std::unique_ptr<Database> m_database =
      sqlite::open({.file = m_folder.path() / "sessions.sqlite3", .create = true});
  Database::Lease m_lease = m_database->connect(Access::write);
};

// As `manage.py migrate` of Django 5.2 makes it.
constexpr const char* django_users =
    "CREATE TABLE \"auth_user\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"password\" "
    "varchar(128) NOT NULL, \"last_login\" datetime NULL, \"is_superuser\" bool NOT NULL, "
    "\"username\" varchar(150) NOT NULL UNIQUE, \"last_name\" varchar(150) NOT NULL, \"email\" "
    "varchar(254) NOT NULL, \"is_staff\" bool NOT NULL, \"is_active\" bool NOT NULL, "
    "\"date_joined\" datetime NOT NULL, \"first_name\" varchar(150) NOT NULL)";

TEST_F(SqliteSchema, TakesADjangoSitesUsersAsTheyAre) {
  run(django_users);
  run("INSERT INTO auth_user VALUES (7, 'x', NULL, 0, 'zoe', '', '', 0, 1, '2024-01-01 00:00:00', "
      "'')");
  for (const std::string& step : migrate(*m_lease, {}).steps) {
    EXPECT_EQ(step.find("auth_user"), std::string::npos) << step;
  }
  const UserColumns columns;
  const auto zoe = UserTable(*m_lease, columns).find("7");
  ASSERT_TRUE(zoe);
  EXPECT_EQ(zoe->date_joined, Time(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1)));
}

TEST_F(SqliteSchema, MakesTheUserTableThatDjangoWouldMake) {
  migrate(*m_lease, {});
  const std::string ours =
      "SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || pk) "
      "FROM pragma_table_info('auth_user')";
  const std::string made = text(ours);
  run("DROP TABLE innkeeper_session");
  run("DROP TABLE auth_user");
  run(django_users);
  EXPECT_EQ(made, text(ours));
}

TEST_F(SqliteSchema, AddsToDjangosTableWhatItLacks) {
  run(django_users);
  run("CREATE TABLE innkeeper_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data "
      "text "
      "NOT NULL, expire_date datetime NOT NULL, user_id integer NULL REFERENCES auth_user (id) "
      "DEFERRABLE INITIALLY DEFERRED, ip char(39) NULL, user_agent varchar(512) NOT NULL, "
      "client_hints "
      "varchar(512) NOT NULL, created_at datetime NOT NULL, updated_at datetime NOT NULL, "
      "last_activity "
      "datetime NOT NULL, version bigint NOT NULL)");
  run("INSERT INTO innkeeper_session VALUES ('" + std::string(40, 'a') +
      "', 'p', '2100-01-02 00:00:00', NULL, NULL, '', '', '2100-01-01 00:00:00', '2100-01-01 "
      "00:00:00', "
      "'2100-01-01 00:00:00', 1)");
  migrate(*m_lease, {});
  EXPECT_EQ(text("SELECT last_activity FROM innkeeper_session"), "2100-01-01 00:00:00.000000");
  SessionTable(*m_lease, KeyType::integer).remove(some_id('a'));
  EXPECT_EQ(number("SELECT count(*) FROM innkeeper_ended"), 1);
}

// Django leaves out a fraction that is zero; two forms of one moment would page in circles.
TEST_F(SqliteSchema, TimesThatDjangoWroteGetSixDigits) {
  migrate(*m_lease, {});
  SessionTable sessions(*m_lease, KeyType::integer);
  sessions.insert(record('a'));
  sessions.insert(record('b'));
  run("UPDATE innkeeper_session SET expire_date = '2100-01-02 00:00:00', last_activity = "
      "'2100-01-01 "
      "00:00:00'");
  EXPECT_EQ(number("SELECT count(*) FROM innkeeper_session WHERE length(expire_date) = 26 AND "
                   "length(last_activity) = 26"),
            2);
  EXPECT_EQ(number("SELECT count(*) FROM innkeeper_ended"), 0) << "the same moment is not earlier";
  const SessionPage first = sessions.list({}, {.size = 1});
  const SessionPage second = sessions.list({}, {.size = 1, .cursor = first.next});
  EXPECT_EQ(second.sessions.at(0).id, some_id('a'));
  EXPECT_FALSE(second.next);
}

TEST_F(SqliteSchema, AnIdleSessionOfAVisitorIsNotedOnce) {
  migrate(*m_lease, {});
  SessionTable sessions(*m_lease, KeyType::integer);
  sessions.insert(record('a'));
  sessions.purge_expired(noon + 2h, Seconds(3600), 10);
  EXPECT_EQ(text("SELECT group_concat(reason) FROM innkeeper_ended"), "expired");
}

TEST_F(SqliteSchema, WhatIsPlannedIsWhatIsDone) {
  const std::vector<std::string> steps = planned(*m_lease, {}).steps;
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master"), 0);
  EXPECT_EQ(migrate(*m_lease, {}).steps, steps);
  EXPECT_TRUE(planned(*m_lease, {}).steps.empty());
  run("DROP TRIGGER innkeeper_session_removed");
  EXPECT_EQ(planned(*m_lease, {}).steps,
            std::vector<std::string>{"made trigger innkeeper_session_removed"});
}

TEST_F(SqliteSchema, ASecondUserTableIsMadeOnDemandAlone) {
  migrate(*m_lease, {});
  UserColumns mistyped;
  mistyped.table = "auth_usr";
  EXPECT_THROW(planned(*m_lease, mistyped), StoreError);
  EXPECT_THROW(migrate(*m_lease, mistyped), StoreError);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master WHERE name = 'auth_usr'"), 0);
  EXPECT_EQ(migrate(*m_lease, mistyped, UsersOf::innkeeper_anew).steps,
            std::vector<std::string>{"made table auth_usr"});
}

TEST_F(SqliteSchema, AColumnThatIsNotThereIsNamedWithItsSetting) {
  migrate(*m_lease, {});
  UserColumns columns;
  columns.email = "Email";  // SQLite minds no case
  UserTable(*m_lease, columns).check();
  EXPECT_TRUE(migrate(*m_lease, columns).steps.empty());
  columns.email = "mail";
  EXPECT_THROW(migrate(*m_lease, columns), StoreError);
  try {
    UserTable(*m_lease, columns).check();
    FAIL();
  } catch (const StoreError& error) {
    const std::string told = error.what();
    EXPECT_NE(told.find("no column mail in table auth_user, which the setting USER_COLUMN_EMAIL"),
              std::string::npos)
        << told;
  }
}

TEST_F(SqliteSchema, AHostsUserTableIsTheHostsToMake) {
  UserColumns columns;
  columns.table = "person";
  columns.username = columns.password = columns.email = {};
  columns.first_name = columns.last_name = columns.last_login = columns.date_joined = {};
  columns.is_active = columns.is_staff = columns.is_superuser = {};
  EXPECT_THROW(migrate(*m_lease, columns, UsersOf::host), StoreError);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master"), 0);
  run("CREATE TABLE person (id integer NOT NULL PRIMARY KEY)");
  EXPECT_FALSE(migrate(*m_lease, columns, UsersOf::host).steps.empty());
}

TEST_F(SqliteSchema, AUserModelOfOnesOwnWithUuidsAndWithoutEmail) {
  run("CREATE TABLE \"order\" (\"key\" char(32) NOT NULL PRIMARY KEY, login varchar(99) NOT NULL "
      "UNIQUE, "
      "secret varchar(128) NOT NULL)");
  UserColumns columns;
  columns = {.table = "order",
             .key_type = KeyType::uuid,
             .id = "key",
             .username = "login",
             .password = "secret",
             .email = "",
             .first_name = "",
             .last_name = "",
             .is_active = "",
             .is_staff = "",
             .is_superuser = "",
             .last_login = "",
             .date_joined = ""};
  migrate(*m_lease, columns);
  const std::string uuid = "6f1c1c36-6a0a-4a5e-9a67-0d1d6d1d2e3f";
  UserTable users(*m_lease, columns);
  user::User zoe;
  zoe.id = uuid;
  zoe.username = "zoe";
  EXPECT_EQ(users.create(zoe, noon), uuid);
  EXPECT_TRUE(users.find(uuid)->is_active);
  users.set_last_login(uuid, noon);  // there is no such column: nothing happens
  SessionTable sessions(*m_lease, KeyType::uuid);
  SessionRecord owned = record('a');
  owned.user_id = uuid;
  sessions.insert(owned);
  EXPECT_EQ(sessions.find(owned.id)->user_id, uuid);
  SessionFilter filter;
  filter.user_id = uuid;
  EXPECT_EQ(sessions.count(filter, 9), 1);
  EXPECT_EQ(text("SELECT user_id FROM innkeeper_session"), "6f1c1c366a0a4a5e9a670d1d6d1d2e3f");
}

TEST_F(SqliteSchema, ASessionWithALargePayloadKeepsItLast) {
  migrate(*m_lease, {});
  EXPECT_EQ(
      text("SELECT name FROM pragma_table_info('innkeeper_session') ORDER BY cid DESC LIMIT 1"),
      "session_data");
}

}  // namespace
}  // namespace innkeeper::store
