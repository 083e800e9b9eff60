#include "store/dialect.h"

#include <gtest/gtest.h>

#include "store/ddl.h"

namespace innkeeper::store {
namespace {

constexpr const char* uuid = "6f1c1c36-6a0a-4a5e-9a67-0d1d6d1d2e3f";
constexpr const char* uuid_hex = "6f1c1c366a0a4a5e9a670d1d6d1d2e3f";

TEST(UserKey, AUuidIsHexExceptWhereTheDatabaseHasTheType) {
  EXPECT_EQ(user_key(Dialect::sqlite, KeyType::uuid, uuid), Value(std::string(uuid_hex)));
  EXPECT_EQ(user_key(Dialect::mariadb, KeyType::uuid, uuid), Value(std::string(uuid_hex)));
  EXPECT_EQ(user_key(Dialect::postgres, KeyType::uuid, uuid_hex), Value(std::string(uuid)));
}

TEST(UserKey, AUuidIsReadBackWithHyphens) {
  EXPECT_EQ(user_id(std::string(uuid_hex), KeyType::uuid, "id"), uuid);
  EXPECT_EQ(user_id(std::string(uuid), KeyType::uuid, "id"), uuid);
}

TEST(UserKey, WhatCannotBeAKeyIsNone) {
  for (const char* text : {"", "zoe", "1 ", " 1", "+1", "0x1", "1.0", "99999999999999999999"}) {
    EXPECT_FALSE(user_key(Dialect::sqlite, KeyType::integer, text)) << text;
  }
  EXPECT_FALSE(user_key(Dialect::sqlite, KeyType::uuid, "42"));
  EXPECT_FALSE(user_key(Dialect::sqlite, KeyType::uuid, "------------------------------------"));
}

TEST(UserKey, ATextIsItself) {
  EXPECT_EQ(user_key(Dialect::sqlite, KeyType::text, "42"), Value(std::string("42")));
  EXPECT_EQ(user_id(std::string("42"), KeyType::text, "id"), "42");
}

TEST(IpDigits, AreTheSixteenBytes) {
  EXPECT_EQ(ip_digits("192.0.2.1"), "00000000000000000000ffffc0000201");
  EXPECT_EQ(ip_digits("2001:db8::1"), "20010db8000000000000000000000001");
  EXPECT_FALSE(ip_digits("example.com"));
}

TEST(InNetwork, AnIpv6NetworkLeavesMappedAddressesOut) {
  std::vector<Value> values;
  EXPECT_EQ(in_network(Dialect::sqlite, *IpNetwork::parse("::/0"), values),
            "innkeeper_ip(ip) BETWEEN ? AND ? AND innkeeper_ip(ip) NOT BETWEEN ? AND ?");
  EXPECT_EQ(values.size(), 4U);
}

TEST(InNetwork, PostgresHasAnOperatorForIt) {
  std::vector<Value> values;
  EXPECT_EQ(in_network(Dialect::postgres, *IpNetwork::parse("10.0.0.0/8"), values),
            "ip <<= CAST(? AS inet)");
  EXPECT_EQ(values, std::vector<Value>{std::string("10.0.0.0/8")});
}

TEST(ReadLatest, LocksTheRowWhereAnUnlockedReadMayBeOld) {
  EXPECT_EQ(read_latest(Dialect::mariadb), " FOR UPDATE");
  EXPECT_EQ(read_latest(Dialect::postgres), "");
  EXPECT_EQ(read_latest(Dialect::sqlite), "");
}

TEST(Places, ListsOfManyLengthsShareAStatement) {
  EXPECT_EQ(places(1), "?");
  EXPECT_EQ(places(3), "?, ?, ?, ?");
  EXPECT_EQ(places(3), places(4));
  std::vector<Value> values;
  add_padded(values, {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}});
  EXPECT_EQ(values.size(), 4U);
  EXPECT_EQ(values.back(), Value(std::int64_t{3}));
}

// The databases that have no driver yet: what can be held without them.
TEST(Schema, NamesTheSameTablesAndIndexesInEveryDialect) {
  const UserColumns users;
  const auto names = [](const std::vector<SchemaObject>& objects) {
    std::vector<std::string> found;
    for (const auto& object : objects) {
      if (object.kind != SchemaObject::Kind::trigger) found.push_back(object.name);
    }
    return found;
  };
  EXPECT_EQ(names(sqlite_schema(users)), names(postgres_schema(users)));
  EXPECT_EQ(names(sqlite_schema(users)), names(mariadb_schema(users)));
}

// PostgreSQL and MariaDB refuse, or cut short, a reference of another type.
TEST(Schema, AReferenceToAUserHasTheTypeOfTheKeyThatIsThere) {
  for (const auto& objects : {postgres_schema({}, "bigint"), mariadb_schema({}, "bigint")}) {
    for (const auto& object : objects) {
      if (!object.name.starts_with("innkeeper_") || object.kind != SchemaObject::Kind::table)
        continue;
      EXPECT_NE(object.statements[0].find("user_id bigint NULL"), std::string::npos) << object.name;
    }
  }
}

TEST(Schema, IndexNamesFitDjangosLimit) {
  for (const auto& index : schema_indexes()) EXPECT_LE(index.name.size(), 30U) << index.name;
}

TEST(Schema, MariaDbEndsAUsersSessionsBeforeTheCascadeThatFiresNoTrigger) {
  bool found = false;
  for (const auto& object : mariadb_schema({})) {
    for (const auto& statement : object.statements) {
      found = found || statement.find("BEFORE DELETE ON `auth_user`") != std::string::npos;
    }
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace innkeeper::store
