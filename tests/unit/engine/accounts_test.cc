#include <utility>

#include "base/error.h"
#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class AccountsTest : public test::EngineFixture {
 protected:
  std::unique_ptr<Engine> book = open_engine();
  Accounts accounts{*book, random};
  user::User ada =
      *accounts.find(accounts.create({.username = "ada", .is_active = true}, Secret("right")));

  std::string signed_in_cookie() {
    Session session;
    accounts.sign_in(session, ada, test::firefox_at("203.0.113.7"));
    return cookie_of(session);
  }
  std::optional<user::User> user_of(const std::string& cookie) {
    Session session = book->open(cookie);
    return accounts.user_of(session);
  }
};

TEST_F(AccountsTest, KnowsTheRightPasswordOfAnActiveUser) {
  EXPECT_TRUE(accounts.authenticate("ada", Secret("right")));
  EXPECT_FALSE(accounts.authenticate("ada", Secret("wrong")));
  EXPECT_FALSE(accounts.authenticate("nobody", Secret("right")));
  sql("UPDATE auth_user SET is_active = 0");
  EXPECT_FALSE(accounts.authenticate("ada", Secret("right")));
}

TEST_F(AccountsTest, RenewsAHashThatIsWeakerThanThePolicy) {
  auto settings = test::test_settings();
  settings.passwords.pbkdf2_iterations = 20;
  const auto stricter = open_engine(&cache, settings);
  Accounts strict(*stricter, random);
  EXPECT_TRUE(strict.authenticate("ada", Secret("right")));
  EXPECT_TRUE(accounts.find(ada.id)->password.reveal().starts_with("pbkdf2_sha256$20$"));
  EXPECT_TRUE(strict.authenticate("ada", Secret("right")));
}

TEST_F(AccountsTest, RotatesTheKeyAtSignInAndKeepsTheVisitorsCart) {
  Session session = new_session(*book);
  const std::string before = cookie_of(session);
  EXPECT_EQ(accounts.sign_in(session, ada, {}), Saved::updated);
  EXPECT_NE(cookie_of(session), before);
  EXPECT_FALSE(book->open(before).exists());
  EXPECT_EQ(*book->open(cookie_of(session)).get("cart"), "1");
  EXPECT_EQ(user_of(cookie_of(session))->id, ada.id);
}

TEST_F(AccountsTest, DropsTheDataOfAnotherUsersSession) {
  const auto bob =
      *accounts.find(accounts.create({.username = "bob", .is_active = true}, Secret("pass")));
  Session session = book->open(signed_in_cookie());
  session.set("secret_of_ada", "1");
  book->save(session, {});
  accounts.sign_in(session, bob, {});
  EXPECT_EQ(session.get("secret_of_ada"), nullptr);
  EXPECT_EQ(user_of(cookie_of(session))->id, bob.id);
}

TEST_F(AccountsTest, SignsInThoughTheVisitorsSessionWasEndedMeanwhile) {
  Session session = new_session(*book);
  book->revoke(session.snapshot()->id, {});
  EXPECT_EQ(accounts.sign_in(session, ada, {}), Saved::created);
  EXPECT_EQ(user_of(cookie_of(session))->id, ada.id);
}

TEST_F(AccountsTest, EndsEverySessionWithThePassword) {
  const std::string cookie = signed_in_cookie();
  ASSERT_TRUE(user_of(cookie));
  accounts.set_password(ada.id, Secret("new"), "command");
  EXPECT_FALSE(user_of(cookie));
  EXPECT_TRUE(accounts.authenticate("ada", Secret("new")));
}

// Whoever changed the password: Django, an operator, another program.
TEST_F(AccountsTest, BelievesNoSessionMadeUnderAnotherPassword) {
  const std::string cookie = signed_in_cookie();
  sql("UPDATE auth_user SET password = 'pbkdf2_sha256$10$salt$other'");
  EXPECT_FALSE(user_of(cookie));
  EXPECT_FALSE(book->open(cookie).exists()) << "flushed, as Django does";
}

TEST_F(AccountsTest, BelievesOnlyActiveUsersAndKnownBackends) {
  const std::string cookie = signed_in_cookie();
  Session session = book->open(cookie);
  session.set("_auth_user_backend", "\"some.other.Backend\"");
  EXPECT_FALSE(accounts.user_of(session));
  sql("UPDATE auth_user SET is_active = 0");
  EXPECT_FALSE(user_of(cookie));
  sql("DELETE FROM auth_user");
  EXPECT_FALSE(user_of(cookie));
}

// A browser restores its tabs: their requests come at once, all with one cookie.
TEST_F(AccountsTest, RenewsTheHashOfAFallbackKeyForSeveralRequestsAtOnce) {
  const std::string cookie = signed_in_cookie();
  auto settings = test::test_settings();
  settings.keys.fallbacks = {settings.keys.secret_key};
  settings.keys.secret_key = Secret("the next secret key of this site, also long enough");
  const auto rotated = open_engine(&cache, settings);
  Accounts later(*rotated, random);
  Session one = rotated->open(cookie), other = rotated->open(cookie);
  ASSERT_TRUE(later.user_of(one));
  ASSERT_TRUE(later.user_of(other));
  EXPECT_TRUE(one.modified());
  one.set("cart", "1");
  other.set("theme", "2");
  EXPECT_EQ(rotated->save(one, {}), Saved::updated);
  EXPECT_EQ(rotated->save(other, {}), Saved::merged);
  EXPECT_EQ(cookie_of(one), cookie);
  EXPECT_EQ(cookie_of(other), cookie);
  settings.keys.fallbacks.clear();
  const auto without_the_old = open_engine(nullptr, settings);
  Accounts last(*without_the_old, random);
  Session again = without_the_old->open(cookie);
  EXPECT_TRUE(last.user_of(again));
  EXPECT_FALSE(again.modified()) << "once";
  EXPECT_EQ(*again.get("cart"), "1");
  EXPECT_EQ(*again.get("theme"), "2");
}

TEST_F(AccountsTest, SignsInThoughTheLastStepFails) {
  sql("CREATE TRIGGER refuse BEFORE UPDATE OF last_login ON auth_user "
      "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
  Session session = new_session(*book);
  EXPECT_EQ(accounts.sign_in(session, ada, {}), Saved::updated);
  EXPECT_EQ(user_of(cookie_of(session))->id, ada.id) << "no orphan: the key is in hand";
  EXPECT_EQ(log.count(general_log, "last_login was not written"), 1);
}

TEST_F(AccountsTest, SignsNobodyInWhereThePayloadIsAnotherSerializers) {
  auto settings = test::test_settings();
  settings.serializer = Serializer::opaque;
  const auto opaque = open_engine(nullptr, settings);
  Accounts others(*opaque, random);
  Session session;
  EXPECT_THROW(others.sign_in(session, ada, {}), ConfigError);
  EXPECT_EQ(ask_number("SELECT COUNT(*) FROM innkeeper_session"), 0);
}

// Between the check and the new hash somebody else changes the password.
TEST_F(AccountsTest, UndoesNoPasswordChangeByRenewingAHash) {
  const std::string changed(user::hash_password(Secret("new"), {10}, random).reveal());
  accounts.set_password_checker(
      [&](const Secret& password, const Secret& encoded, const user::PasswordPolicy& policy) {
        const auto check = user::check_password(password, encoded, policy);
        if (check == user::PasswordCheck::differs) return check;
        sql("UPDATE auth_user SET password = ?", {changed});
        return user::PasswordCheck::matches_rehash;
      });
  EXPECT_FALSE(accounts.authenticate("ada", Secret("right"))) << "it is the password no more";
  EXPECT_EQ(accounts.find(ada.id)->password.reveal(), changed);
}

TEST_F(AccountsTest, TakesTheHashOfAnotherSignInThatWasQuicker) {
  const std::string quicker(user::hash_password(Secret("right"), {20}, random).reveal());
  bool first = true;
  accounts.set_password_checker(
      [&](const Secret& password, const Secret& encoded, const user::PasswordPolicy& policy) {
        if (std::exchange(first, false)) {
          sql("UPDATE auth_user SET password = ?", {quicker});
          return user::PasswordCheck::matches_rehash;
        }
        return user::check_password(password, encoded, policy);
      });
  const auto user = accounts.authenticate("ada", Secret("right"));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->password.reveal(), quicker) << "the session's hash must match the column";
}

TEST_F(AccountsTest, LeavesTheHashOfAnotherAlgorithmAloneUnlessTold) {
  const std::string sha1 = "pbkdf2_sha1$260000$salt$short";
  sql("UPDATE auth_user SET password = ?", {sha1});
  accounts.set_password_checker(
      [](const Secret&, const Secret&, const user::PasswordPolicy& policy) {
        return policy.rehash_other_algorithms ? user::PasswordCheck::matches_rehash
                                              : user::PasswordCheck::matches;
      });
  EXPECT_TRUE(accounts.authenticate("ada", Secret("right")));
  EXPECT_EQ(accounts.find(ada.id)->password.reveal(), sha1);
}

TEST_F(AccountsTest, CreatesNobodyWhoseNameOtherProgramsStumbleOver) {
  for (const std::string& name :
       {std::string(), std::string(" ada"), std::string("ada "), std::string("a\nb"),
        std::string("a\0b", 3), std::string("\xff\xfe"), std::string(151, 'a')}) {
    EXPECT_THROW(accounts.create({.username = name}, Secret("right")), Error) << name;
  }
  EXPECT_EQ(ask_number("SELECT COUNT(*) FROM auth_user"), 1);
}

TEST_F(AccountsTest, SignsOut) {
  const std::string cookie = signed_in_cookie();
  Session session = book->open(cookie);
  accounts.sign_out(session);
  EXPECT_FALSE(user_of(cookie));
  const auto history = book->history({}, std::nullopt, 10).records;
  EXPECT_EQ(history.at(0).reason, store::Reason::signed_out);
  EXPECT_EQ(history.at(0).actor, "user " + ada.id);
}

}  // namespace
}  // namespace innkeeper::engine
