// migrate and check_schema.
#pragma once

#include "contract/store/harness.h"

namespace innkeeper::store::contract {

TEST_P(StoreContract, ASecondMigrationDoesNothing) {
  EXPECT_TRUE(migrate(connection(), UserColumns{}).steps.empty());
  check_schema(connection());
}

TEST_P(StoreContract, ALostIndexOrTriggerIsMadeAgain) {
  run("DROP INDEX innkeeper_session_expire");
  run("DROP TRIGGER innkeeper_session_removed");
  EXPECT_EQ(migrate(connection(), UserColumns{}).steps,
            (std::vector<std::string>{"made index innkeeper_session_expire",
                                      "made trigger innkeeper_session_removed"}));
  add(record_of(1));
  sessions().remove(id_of(1));
  EXPECT_TRUE(ended().extent());
}

TEST_P(StoreContract, ALaterSchemaIsRefused) {
  run("UPDATE innkeeper_migration SET version = 99");
  EXPECT_EQ(kind_thrown_by([&] { check_schema(connection()); }), StoreError::Kind::newer);
  EXPECT_EQ(kind_thrown_by([&] { migrate(connection(), UserColumns{}); }), StoreError::Kind::newer);
}

TEST_P(StoreContract, MissingTablesAreNamedAsSuch) {
  run("DROP TABLE innkeeper_migration");
  EXPECT_EQ(kind_thrown_by([&] { check_schema(connection()); }), StoreError::Kind::missing);
}

TEST_P(StoreContract, ATableThatLacksAColumnIsNamed) {
  run("DROP TABLE innkeeper_session");
  run("CREATE TABLE innkeeper_session (session_key varchar(40) PRIMARY KEY)");
  try {
    migrate(connection(), UserColumns{});
    FAIL() << "a table without columns was taken";
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find("session_data"), std::string::npos) << error.what();
  }
}

TEST_P(StoreContract, NamesThatAreNoIdentifiersAreRefused) {
  UserColumns columns;
  columns.table = "auth_user; DROP TABLE auth_user";
  EXPECT_THROW(migrate(connection(), columns), ConfigError);
}

}  // namespace innkeeper::store::contract
