// Names must not be told apart by time. Time is not measured here: what a name is checked against
// decides what it costs, and that can be seen.
#include <set>

#include "tests/support/engine_fixture.h"
#include "user/password.h"

namespace innkeeper::engine {
namespace {

class DecoysTest : public test::EngineFixture {
 protected:
  // A user with a hash of this kind; cheap ones do.
  void add(const std::string& name, const std::string& encoded) {
    accounts.create({.username = name, .is_active = true}, Secret("right"));
    sql("UPDATE auth_user SET password = ? WHERE username = ?", {encoded, name});
  }
  // The hashes that a sign-in with this name is checked against.
  std::vector<std::string> checked(const std::string& name) {
    std::vector<std::string> hashes;
    accounts.set_password_checker(
        [&](const Secret&, const Secret& encoded, const user::PasswordPolicy&) {
          hashes.emplace_back(encoded.reveal());
          return user::PasswordCheck::differs;
        });
    EXPECT_FALSE(accounts.authenticate(name, Secret("wrong")));
    return hashes;
  }
  static std::string before_digest(const std::string& encoded) {
    return encoded.substr(0, encoded.rfind('$'));
  }

  std::unique_ptr<Engine> book = open_engine();
  Accounts accounts{*book, random};
  const std::string argon2 =
      "argon2$argon2id$v=19$m=64,t=2,p=8$c2FsdHNhbHQ$eD5CJyISaYTOWz9FvsDcGa2f+8RpMZcA4mb8/kl0op8";
  const std::string scrypt = "scrypt$16$salt$8$1$" + std::string(88, 'x');
};

TEST_F(DecoysTest, ANameThatNobodyHasCostsWhatTheSitesUsersCost) {
  add("ada", argon2);
  const auto hashes = checked("nobody");
  ASSERT_EQ(hashes.size(), 1u);
  EXPECT_EQ(before_digest(hashes[0]), before_digest(argon2));
  EXPECT_NE(hashes[0], argon2) << "no password may match, not even a user's";
  EXPECT_EQ(checked("ada"), std::vector{argon2}) << "one check each";
}

TEST_F(DecoysTest, SoDoesAUserWithoutAPassword) {
  add("ada", argon2);
  add("sso", "!unusable");
  EXPECT_EQ(before_digest(checked("sso").at(0)), before_digest(argon2));
}

TEST_F(DecoysTest, NamesGetEveryKindThatUsersHaveAndAlwaysTheSame) {
  for (int i = 0; i < 8; ++i) {
    add("ada" + std::to_string(i), argon2);
    add("bob" + std::to_string(i), scrypt);
  }
  std::set<std::string> kinds;
  for (int i = 0; i < 32; ++i) {
    const std::string name = "nobody" + std::to_string(i);
    const auto once = checked(name);
    EXPECT_EQ(checked(name), once);
    kinds.insert(before_digest(once.at(0)));
  }
  EXPECT_EQ(kinds, (std::set{before_digest(argon2), before_digest(scrypt)}));
}

TEST_F(DecoysTest, FollowsTheSiteWithinAnHour) {
  add("ada", argon2);
  checked("nobody");
  sql("UPDATE auth_user SET password = ?", {scrypt});
  EXPECT_EQ(before_digest(checked("nobody").at(0)), before_digest(argon2));
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(before_digest(checked("nobody").at(0)), before_digest(scrypt));
}

TEST_F(DecoysTest, FollowsTheSiteAlsoWhereTheClockWasSetBack) {
  add("ada", argon2);
  clock.advance(std::chrono::days(1));
  checked("nobody");
  sql("UPDATE auth_user SET password = ?", {scrypt});
  clock.advance(-std::chrono::days(1));
  EXPECT_EQ(before_digest(checked("nobody").at(0)), before_digest(scrypt));
}

TEST_F(DecoysTest, WithoutAnyPasswordAtAllTheCheckIsMadeAllTheSame) {
  EXPECT_EQ(checked("nobody"), std::vector<std::string>{""}) << "which costs the policy's time";
}

}  // namespace
}  // namespace innkeeper::engine
