// The user table.
#pragma once

#include "contract/store/harness.h"

namespace innkeeper::store::contract {

TEST_P(StoreContract, FindsAUserByIdAndByName) {
  user::User user;
  user.username = "zo\xc3\xab";
  user.email = "zoe@example.com";
  user.first_name = "Zo\xc3\xab";
  user.last_name = "M";
  user.password = Secret("pbkdf2_sha256$1$a$b");
  user.is_active = user.is_staff = true;
  const std::string id = users().create(user, noon);
  const auto found = users().find(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, id);
  EXPECT_EQ(found->username, user.username);
  EXPECT_EQ(found->email, user.email);
  EXPECT_EQ(found->first_name, user.first_name);
  EXPECT_EQ(found->last_name, user.last_name);
  EXPECT_EQ(found->password.reveal(), user.password.reveal());
  EXPECT_TRUE(found->is_active);
  EXPECT_TRUE(found->is_staff);
  EXPECT_FALSE(found->is_superuser);
  EXPECT_FALSE(found->last_login);
  EXPECT_EQ(found->date_joined, noon);
  EXPECT_EQ(users().find_by_username(user.username)->id, id);
}

TEST_P(StoreContract, ThereIsNoUserOfAnUnknownOrImpossibleId) {
  EXPECT_FALSE(users().find("4711"));
  EXPECT_FALSE(users().find("zoe"));
  EXPECT_FALSE(users().find(""));
  EXPECT_FALSE(users().find_by_username("zoe"));
}

TEST_P(StoreContract, ANameIsTakenOnce) {
  make_user("zoe");
  EXPECT_EQ(kind_thrown_by([&] { make_user("zoe"); }), StoreError::Kind::constraint);
}

TEST_P(StoreContract, FindsTheUsersOfAPageAtOnce) {
  const std::string zoe = make_user("zoe"), max = make_user("max");
  make_user("eve");
  const std::vector<std::string> ids{max, "no key", zoe, "4711"};
  EXPECT_EQ(users().find_all(ids).size(), 2U);
  EXPECT_TRUE(users().find_all({}).empty());
}

TEST_P(StoreContract, SearchesTheStartOfNameAndEmail) {
  const std::string zoe = make_user("Zoe"), zora = make_user("zora");
  make_user("max");
  EXPECT_EQ(users().search("zO", 9).size(), 2U);
  EXPECT_EQ(users().search("zoe@EXAMPLE", 9), std::vector<std::string>{zoe});
  EXPECT_EQ(users().search("zo", 1).size(), 1U);
  EXPECT_TRUE(users().search("oe", 9).empty());
}

TEST_P(StoreContract, ASearchIsNoPattern) {
  make_user("zoe");
  const std::string odd = make_user("a%b_c!d");
  EXPECT_TRUE(users().search("%", 9).empty());
  EXPECT_TRUE(users().search("z_e", 9).empty());
  EXPECT_EQ(users().search("a%b_c!", 9), std::vector<std::string>{odd});
}

TEST_P(StoreContract, SetsPasswordAndLastLogin) {
  const std::string zoe = make_user("zoe");
  const std::string max = make_user("max");
  users().set_password(zoe, Secret("new"));
  users().set_last_login(zoe, noon + 1us);
  EXPECT_EQ(users().find(zoe)->password.reveal(), "new");
  EXPECT_EQ(users().find(zoe)->last_login, noon + 1us);
  EXPECT_EQ(users().find(max)->password.reveal(), "!");
}

}  // namespace innkeeper::store::contract
