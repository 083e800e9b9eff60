#include "base/error.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/failing_database.h"
#include "tests/support/foreign_transaction.h"

namespace innkeeper::engine {
namespace {

class Ending : public test::EngineFixture {
 protected:
  // A session of each user, twice, and one visitor's.
  void fill(Engine& book) {
    Accounts accounts(book, random);
    for (const char* name : {"ada", "bob"}) {
      users[name] =
          *accounts.find(accounts.create({.username = name, .is_active = true}, Secret("pass")));
      for (int i = 0; i < 2; ++i) {
        Session session;
        accounts.sign_in(session, users[name], test::firefox_at("198.51.100.1"));
        cookies[name].push_back(cookie_of(session));
      }
    }
    cookies["visitor"].push_back(cookie_of(new_session(book)));
  }
  std::map<std::string, user::User> users;
  std::map<std::string, std::vector<std::string>> cookies;
};

TEST_F(Ending, EndsASessionAtOnceAndSaysInTheHistoryByWhom) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  EXPECT_TRUE(book->revoke(session.snapshot()->id, {.actor = "user 42"}));
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  EXPECT_FALSE(book->revoke(session.snapshot()->id, {}));
  const auto history = book->history({}, std::nullopt, 10).records;
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].session_key, session.snapshot()->id);
  EXPECT_EQ(history[0].reason, store::Reason::revoked);
  EXPECT_EQ(history[0].actor, "user 42");
  EXPECT_EQ(history[0].client.ip->to_string(), "203.0.113.7");
}

// The fault of the seed packages: a reader between "cache emptied" and "row gone" brings the
// session back.
TEST_F(Ending, IsNotUndoneByAReaderThatReadTheRowAMomentEarlier) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  cache.forget_everything();
  clock.advance(Seconds(1));
  auto reader = open_engine();
  bool once = true;
  reader->set_fault_point([&](std::string_view place) {
    if (place == "load: the row is read, the cache not yet filled" && std::exchange(once, false)) {
      book->revoke(session.snapshot()->id, {});
    }
  });
  EXPECT_TRUE(reader->open(cookie_of(session)).exists())
      << "it was alive when this request read it";
  EXPECT_FALSE(once);
  EXPECT_FALSE(reader->open(cookie_of(session)).exists());
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
}

TEST_F(Ending, IsNotUndoneByASaverThatWritesTheCacheLate) {
  const auto book = open_engine();
  Session session = new_session(*book);
  book->open(cookie_of(session));
  auto saver = open_engine();
  saver->set_fault_point([&](std::string_view place) {
    if (place == "save: the row is written, the cache not yet")
      book->revoke(session.snapshot()->id, {});
  });
  Session late = saver->open(cookie_of(session));
  late.set("cart", "2");
  EXPECT_EQ(saver->save(late, {}), Saved::updated);
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  EXPECT_FALSE(saver->open(cookie_of(session)).exists());
}

// A cache of Django's CACHES cannot compare: a late saver's copy would replace the tombstone.
TEST_F(Ending, IsNotUndoneByALateSaverWhereTheCacheCannotCompare) {
  test::MemoryCache plain(clock, {.compares = false});
  const auto book = open_engine(&plain);
  const auto saver = open_engine(&plain);
  const Session session = new_session(*book);
  saver->set_fault_point([&](std::string_view place) {
    if (place == "save: the row is written, the cache not yet")
      book->revoke(session.snapshot()->id, {});
  });
  Session late = saver->open(cookie_of(session));
  late.set("cart", "2");
  saver->save(late, {});
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  EXPECT_FALSE(saver->open(cookie_of(session)).exists());
}

TEST_F(Ending, IsCachedAgainInACacheThatCannotCompareOnceNoOldReadIsUnderWay) {
  test::MemoryCache plain(clock, {.compares = false});
  const auto book = open_engine(&plain);
  const std::string cookie = cookie_of(new_session(*book));
  Session session = book->open(cookie);
  session.set("cart", "2");
  book->save(session, {});
  EXPECT_FALSE(book->open_cached(cookie));
  clock.advance(book->settings().longest_fill + Seconds(2));
  EXPECT_EQ(*book->open(cookie).get("cart"), "2");
  EXPECT_TRUE(book->open_cached(cookie));
}

TEST_F(Ending, WorksWithTheCacheDownAndHoldsWhenItIsBack) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  cache.set_down(true);
  EXPECT_TRUE(book->revoke(session.snapshot()->id, {}));
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  cache.set_down(false);
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  clock.advance(std::chrono::seconds(1));
  EXPECT_FALSE(open_engine()->open(cookie_of(session)).exists());
}

TEST_F(Ending, EndsAllOfAUserButOne) {
  const auto book = open_engine();
  fill(*book);
  store::SessionFilter others;
  others.user_id = users["ada"].id;
  others.except.push_back(SessionKey::parse(cookies["ada"][0])->id());
  EXPECT_EQ(book->revoke_all(others, {.dry_run = true}), 1);
  EXPECT_TRUE(book->open(cookies["ada"][1]).exists());
  EXPECT_EQ(book->revoke_all(others, {.actor = "user 1"}), 1);
  EXPECT_TRUE(book->open(cookies["ada"][0]).exists());
  EXPECT_FALSE(book->open(cookies["ada"][1]).exists());
  EXPECT_TRUE(book->open(cookies["bob"][0]).exists());
}

TEST_F(Ending, EndsByAddressInSmallBatches) {
  const auto book = open_engine();
  fill(*book);
  store::SessionFilter there;
  there.network = IpNetwork::parse("198.51.100.0/24");
  std::vector<std::int64_t> progress;
  EXPECT_EQ(book->revoke_all(there, {.batch_size = 3,
                                     .progress = [&](std::int64_t n) { progress.push_back(n); }}),
            4);
  EXPECT_EQ(progress, (std::vector<std::int64_t>{3, 4}));
  EXPECT_TRUE(book->open(cookies["visitor"][0]).exists());
}

// A row that is given a fresh key while the others are being ended moves to where the walk has
// been.
TEST_F(Ending, ByAddressMissesNobodyWhoIsGivenAFreshKeyMeanwhile) {
  const auto book = open_engine();
  fill(*book);
  store::SessionFilter there;
  there.network = IpNetwork::parse("198.51.100.0/24");
  std::optional<Session> fresh;
  const auto rotate_the_last = [&](std::int64_t) {
    if (fresh) return;
    const auto left = book->list(there, {}).sessions;
    ASSERT_FALSE(left.empty());
    for (const auto& [name, of_user] : cookies) {
      for (const std::string& cookie : of_user) {
        Session session = book->open(cookie);
        if (!session.exists() || session.snapshot()->id != left.back().id) continue;
        clock.advance(Seconds(1));
        book->rotate_key(session, left.back().client);
        fresh = session;
      }
    }
  };
  EXPECT_EQ(book->revoke_all(there, {.batch_size = 1, .progress = rotate_the_last}), 4);
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(book->open(cookie_of(*fresh)).exists());
  EXPECT_TRUE(book->list(there, {}).sessions.empty());
}

TEST_F(Ending, OfADeletedUserReachesEveryCacheWithinASecond) {
  const auto book = open_engine();
  fill(*book);
  EXPECT_TRUE(book->open(cookies["ada"][0]).exists());
  EXPECT_TRUE(book->open(cookies["ada"][0]).exists());
  sql("DELETE FROM auth_user WHERE username = 'ada'");
  clock.advance(std::chrono::milliseconds(999));
  EXPECT_FALSE(book->open(cookies["ada"][0]).exists());
  EXPECT_FALSE(book->open(cookies["ada"][1]).exists());
  EXPECT_TRUE(book->open(cookies["bob"][0]).exists());
  EXPECT_EQ(book->history({}, std::nullopt, 10).records.at(0).reason, store::Reason::removed);
}

TEST_F(Ending, ByAShortenedExpiryReachesEveryCacheWithinASecond) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  EXPECT_TRUE(book->open(cookie_of(session)).exists());
  sql("UPDATE innkeeper_session SET expire_date = ?", {clock.now() - Seconds(1)});
  clock.advance(std::chrono::milliseconds(999));
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
}

TEST_F(Ending, FlushesASessionOfItsOwn) {
  const auto book = open_engine();
  Session session = new_session(*book);
  const std::string cookie = cookie_of(session);
  book->flush(session, store::Reason::signed_out, "user 7");
  EXPECT_FALSE(session.exists());
  EXPECT_TRUE(session.empty());
  EXPECT_FALSE(book->open(cookie).exists());
  EXPECT_EQ(book->history({}, std::nullopt, 10).records.at(0).reason, store::Reason::signed_out);
}

// Django's atomic block: the connection is in a transaction of somebody else.
TEST_F(Ending, IsSeenInItsOwnTransactionAtOnceAndAfterTheCommitByAll) {
  test::ForeignTransaction atomic(*database);
  Engine host(test::test_settings(), atomic, &cache, clock, random, log);
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  host.revoke(session.snapshot()->id, {});
  EXPECT_FALSE(host.open(cookie_of(session)).exists());
  cache.forget_everything();
  EXPECT_EQ(atomic.commit(), 1) << "the cache is told again";
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
}

// Django's QuerySet.delete() runs its own statements, for the sake of signals and cascades.
TEST_F(Ending, TellsTheCacheAtOnceOfRowsThatTheHostRemoved) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  sql("DELETE FROM innkeeper_session");
  book->rows_removed({{session.snapshot()->id, {}}}, store::Reason::revoked, "user 7");
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
  const auto history = book->history({}, std::nullopt, 10).records;
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].reason, store::Reason::revoked);
  EXPECT_EQ(history[0].actor, "user 7");
}

TEST_F(Ending, TellsTheCacheAtOnceOfRowsThatTheHostChanged) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  sql("UPDATE innkeeper_session SET user_agent = 'another'");
  EXPECT_NE(book->open(cookie_of(session)).snapshot()->client.user_agent, "another")
      << "nobody told the cache";
  book->rows_changed({session.snapshot()->id});
  EXPECT_EQ(book->open(cookie_of(session)).snapshot()->client.user_agent, "another");
}

// The row goes by one statement, and who did it is written by another.
TEST_F(Ending, TellsTheCacheOfAnEndThatCouldNotBeExplained) {
  test::FailingDatabase failing(*database);
  Engine book(test::test_settings(), failing, &cache, clock, random, log);
  const Session session = new_session(book);
  book.open(cookie_of(session));
  failing.refuse("UPDATE innkeeper_ended");
  EXPECT_THROW(book.revoke(session.snapshot()->id, {}), StoreError);
  EXPECT_EQ(ask_number("SELECT COUNT(*) FROM innkeeper_session"), 0);
  failing.refuse("");
  EXPECT_FALSE(book.open(cookie_of(session)).exists()) << "at once, not when the feed is read";
}

}  // namespace
}  // namespace innkeeper::engine
