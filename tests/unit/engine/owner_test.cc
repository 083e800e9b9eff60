// A payload that is signed and yet names a user whom the user table does not have: Django's own
// sessions keep such a thing, so a save of it must not fail at every request.
#include "base/error.h"
#include "store/dialect.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/foreign_transaction.h"

namespace innkeeper::engine {
namespace {

class Owner : public test::EngineFixture {
 protected:
  store::Rows owner_in_row() { return ask("SELECT user_id FROM innkeeper_session"); }
  void expect_nobodys() {
    const auto rows = owner_in_row();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(store::is_null(rows[0].at(0)));
  }
  // Django makes its foreign keys so: the refusal comes with the commit.
  void defer_the_foreign_key() {
    const auto made = ask("SELECT sql FROM sqlite_master WHERE name = 'innkeeper_session'");
    std::string table = store::as_text(made.at(0).at(0), "sql");
    const std::string cascade = "ON DELETE CASCADE";
    table.replace(table.find(cascade), cascade.size(), cascade + " DEFERRABLE INITIALLY DEFERRED");
    sql("DROP TABLE innkeeper_session");
    sql(table);
  }

  std::unique_ptr<Engine> book = open_engine();
};

TEST_F(Owner, ThatIsNoKeyOfTheUserTableIsNobody) {
  for (const char* alien : {"\"nobody\"", "[1,2]", "\"99999999999999999999\"", "null", "\"\""}) {
    sql("DELETE FROM innkeeper_session");
    Session session;
    session.set("_auth_user_id", alien);
    session.set("cart", "1");
    EXPECT_EQ(book->save(session, {}), Saved::created) << alien;
    EXPECT_EQ(book->save(session, {}), Saved::updated) << alien;
    EXPECT_EQ(book->rotate_key(session, {}), Saved::updated) << alien;
    expect_nobodys();
    EXPECT_EQ(*book->open(cookie_of(session)).get("cart"), "1");
    EXPECT_EQ(*book->open(cookie_of(session)).get("_auth_user_id"), alien);
  }
}

TEST_F(Owner, WhomTheTableDoesNotHaveIsNobodyAndTheRestIsKept) {
  Session session = new_session(*book);
  session.set("_auth_user_id", "\"999\"");
  EXPECT_EQ(book->save(session, {}), Saved::updated);
  expect_nobodys();
  EXPECT_EQ(*book->open(cookie_of(session)).get("cart"), "1");
  EXPECT_EQ(book->rotate_key(session, {}), Saved::updated);
  expect_nobodys();
  EXPECT_EQ(log.count(security_log, "whom the user table does not have"), 2);
  EXPECT_FALSE(log.mentions("999"));
  sql("DELETE FROM innkeeper_session");
  Session fresh;
  fresh.set("_auth_user_id", "\"999\"");
  EXPECT_EQ(book->save(fresh, {}), Saved::created);
  expect_nobodys();
}

TEST_F(Owner, IsNobodyWhereTheRefusalComesWithTheCommit) {
  defer_the_foreign_key();
  Session session = new_session(*book);
  session.set("_auth_user_id", "\"999\"");
  EXPECT_EQ(book->save(session, {}), Saved::updated);
  EXPECT_EQ(book->rotate_key(session, {}), Saved::updated);
  cache.set_down(true);  // the save goes into the feed as well, in one transaction
  session.set("cart", "2");
  EXPECT_EQ(book->save(session, {}), Saved::updated);
  cache.set_down(false);
  expect_nobodys();
  EXPECT_EQ(*book->open(cookie_of(session)).get("cart"), "2");
}

TEST_F(Owner, OfAUserTableWithTextsFitsItsColumn) {
  EXPECT_TRUE(store::is_user_key(store::KeyType::text, "ada"));
  EXPECT_FALSE(store::is_user_key(store::KeyType::text, std::string(256, 'a')));
  EXPECT_FALSE(store::is_user_key(store::KeyType::text, std::string_view("a\0b", 3)));
  EXPECT_FALSE(store::is_user_key(store::KeyType::uuid, "42"));
}

// There the failed statement may have spoilt the transaction: whose it is must hear of it.
TEST_F(Owner, IsLeftToWhoseTransactionItIs) {
  test::ForeignTransaction atomic(*database);
  Engine inside(test::test_settings(), atomic, nullptr, clock, random, log);
  Session session;
  session.set("_auth_user_id", "\"999\"");
  EXPECT_THROW(inside.save(session, {}), StoreError);
}

// What can be no key is seen before any statement: nothing is spoilt.
TEST_F(Owner, ThatIsNoKeyIsNobodyInATransactionOfSomebodyElseToo) {
  test::ForeignTransaction atomic(*database);
  Engine inside(test::test_settings(), atomic, nullptr, clock, random, log);
  Session session;
  session.set("_auth_user_id", "\"nobody\"");
  EXPECT_EQ(inside.save(session, {}), Saved::created);
  expect_nobodys();
  EXPECT_EQ(log.count(security_log, "no key of the user table"), 1);
  EXPECT_FALSE(log.mentions("nobody\""));
}

TEST_F(Owner, ThatIsRefusedForAnotherReasonIsAnError) {
  sql("CREATE TRIGGER refuse BEFORE UPDATE ON innkeeper_session "
      "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
  Accounts accounts(*book, random);
  const std::string ada = accounts.create({.username = "ada", .is_active = true}, Secret("pass"));
  Session session = new_session(*book);
  session.set("_auth_user_id", codec::json_string(ada));
  EXPECT_THROW(book->save(session, {}), StoreError);
}

// What signs in as nobody is no sign-in.
TEST_F(Owner, SignsNobodyIn) {
  Session session;
  session.set("_auth_user_id", "\"999\"");
  session.set("_auth_user_backend", "\"django.contrib.auth.backends.ModelBackend\"");
  book->save(session, {});
  EXPECT_FALSE(Accounts(*book, random).user_of(session));
}

}  // namespace
}  // namespace innkeeper::engine
