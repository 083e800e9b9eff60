// A program that runs while somebody upgrades its database, or names the wrong user table.
#include "store/schema_watch.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store {
namespace {

using Kind = StoreError::Kind;

class Watch : public testing::Test {
 protected:
  Watch() { migrate(*m_database->connect(Access::write), m_users); }

  void run(const std::string& sql) { m_database->connect(Access::write)->execute(sql, {}); }
  Kind refusal(SchemaWatch& watch, const std::string& named) {
    try {
      watch.connect(Access::read);
    } catch (const StoreError& error) {
      EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
      return error.kind();
    }
    ADD_FAILURE() << "it was not refused";
    return Kind::misuse;
  }

  test::TemporaryFolder m_folder;
  ManualClock m_clock;
  UserColumns m_users;
  std::unique_ptr<Database> m_database =
      sqlite::open({.file = m_folder.path() / "sessions.sqlite3", .create = true});
};

TEST_F(Watch, RefusesADatabaseThatALaterProgramHasUpgraded) {
  SchemaWatch watch(*m_database, m_users, m_clock);
  EXPECT_TRUE(watch.connect(Access::write));
  run("INSERT INTO innkeeper_migration (version, applied_at) VALUES (999, '2100-01-01 00:00:00')");
  m_clock.advance(SchemaWatch::look_every);
  EXPECT_EQ(refusal(watch, "later program"), Kind::newer);
  EXPECT_EQ(refusal(watch, "later program"), Kind::newer) << "it must not be let through after one";
  run("DELETE FROM innkeeper_migration WHERE version = 999");
  EXPECT_TRUE(watch.connect(Access::write));
}

TEST_F(Watch, LooksOnlyEveryFewSeconds) {
  SchemaWatch watch(*m_database, m_users, m_clock);
  watch.connect(Access::read);
  run("DROP TABLE innkeeper_migration");
  EXPECT_TRUE(watch.connect(Access::read));
  m_clock.advance(SchemaWatch::look_every);
  EXPECT_EQ(refusal(watch, "innkeeper migrate"), Kind::missing);
}

TEST_F(Watch, RefusesAUserTableThatIsNotThere) {
  m_users.table = "people";
  SchemaWatch watch(*m_database, m_users, m_clock);
  EXPECT_EQ(refusal(watch, "USER_TABLE"), Kind::missing);
}

// SQLite would take the name of a column that is not there for a text, and so every user's password
// for "passwrod".
TEST_F(Watch, RefusesAColumnOfUsersThatIsNotThere) {
  m_users.password = "passwrod";
  SchemaWatch watch(*m_database, m_users, m_clock);
  EXPECT_EQ(refusal(watch, "passwrod"), Kind::missing);
}

}  // namespace
}  // namespace innkeeper::store
