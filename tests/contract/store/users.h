// The user table.
#pragma once

#include <algorithm>

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
  EXPECT_EQ(users().search("zO", 9).ids.size(), 2U);
  EXPECT_EQ(users().search("zoe@EXAMPLE", 9).ids, std::vector<std::string>{zoe});
  EXPECT_EQ(users().search("zo", 1).ids.size(), 1U);
  EXPECT_TRUE(users().search("oe", 9).ids.empty());
  EXPECT_EQ(users().search("", 9).ids.size(), 3U);
}

TEST_P(StoreContract, ASearchIsNoPattern) {
  make_user("zoe");
  const std::string odd = make_user("a%b_c!d");
  EXPECT_TRUE(users().search("%", 9).ids.empty());
  EXPECT_TRUE(users().search("z_e", 9).ids.empty());
  EXPECT_EQ(users().search("a%b_c!", 9).ids, std::vector<std::string>{odd});
  EXPECT_EQ(users().search("A%b_C!", 9).ids, std::vector<std::string>{odd});
}

// Rule 6: the cost does not grow with the table, and who is named as it is typed is found.
TEST_P(StoreContract, ASearchGoesThroughTheNewestUsersAndFindsTheSpellingsAmongAll) {
  const auto finds = [this](std::string_view text, int reach, const std::string& id) {
    const auto ids = users().search(text, 9, reach).ids;
    return std::count(ids.begin(), ids.end(), id);
  };
  const std::string small = make_user("alice"), first = make_user("Alina"), all = make_user("ALIX"),
                    odd = make_user("aLiNe");
  for (int i = 0; i < 5; ++i) make_user("guest" + std::to_string(i));
  const std::string umlaut = make_user("\xc3\xb6zg\xc3\xbcr"), last = make_user("bOB");
  for (const char* typed : {"ali", "Ali", "ALI", "aLI"}) {
    EXPECT_EQ(finds(typed, 2, small), 1) << typed;
    EXPECT_EQ(finds(typed, 2, first), 1) << typed;
    EXPECT_EQ(finds(typed, 2, all), 1) << typed;
    EXPECT_EQ(finds(typed, 11, odd), 1) << typed;
  }
  EXPECT_EQ(finds("aLi", 2, odd), 1);
  EXPECT_EQ(finds("bob", 1, last), 1);
  EXPECT_EQ(finds("BOB@", 1, last), 1);
  EXPECT_EQ(finds("\xc3\xb6zg", 1, umlaut), 1);
  EXPECT_EQ(finds("alice@", 11, small), 1);
  EXPECT_EQ(finds("alice@", 10, small), 0) << "the eleventh was looked at";
  EXPECT_TRUE(users().search("alice@", 9, 10).only_newest);
  EXPECT_FALSE(users().search("alice@", 9, 11).only_newest);
  EXPECT_EQ(users().search("guest", 3, 2).ids.size(), 3U);
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
