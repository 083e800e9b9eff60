// Saves inside a transaction of the host's, and what the session in hand takes for the row once
// that is rolled back.
#include "codec/json.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/host_database.h"

namespace innkeeper::engine {
namespace {

constexpr const char* versions = "SELECT max(version) FROM innkeeper_session";

class HostTransaction : public test::EngineFixture {
 protected:
  HostTransaction() { book.follow_feed(); }

  // The clock goes on with every save: two have never one date.
  Saved save(Engine& with, Session& session) {
    clock.advance(Duration(1));
    return with.save(session, {});
  }
  Saved save(Session& session) { return save(book, session); }
  Saved set(Session& session, const char* name, const char* json) {
    session.set(name, json);
    return save(session);
  }
  // Another request, which is in no transaction, adds a member.
  void others_set(const std::string& cookie, const char* name, const char* json) {
    Session session = elsewhere->open(cookie);
    session.set(name, json);
    ASSERT_NE(save(*elsewhere, session), Saved::ended);
  }
  // Rolls back a save of `json` under `name`.
  void set_in_vain(Session& session, const char* name, const char* json) {
    host.begin();
    EXPECT_NE(set(session, name, json), Saved::ended);
    host.rollback();
  }
  // What a program without a cache reads.
  std::string value(const std::string& cookie, const char* name) {
    const Session session = open_engine(nullptr)->open(cookie);
    const std::string* json = session.get(name);
    return json ? *json : std::string(session.exists() ? "absent" : "no session");
  }
  std::string cached(const std::string& cookie, const char* name) {
    const Session session = elsewhere->open(cookie);
    const std::string* json = session.get(name);
    return json ? *json : std::string(session.exists() ? "absent" : "no session");
  }

  test::HostDatabase host{*database};
  Engine book{test::test_settings(), host, &cache, clock, random, log};
  std::unique_ptr<Engine> elsewhere = open_engine();
};

TEST_F(HostTransaction, ARolledBackChangeIsSavedByTheNextSave) {
  Session session = new_session(book);
  set_in_vain(session, "colour", "\"blue\"");
  EXPECT_EQ(value(cookie_of(session), "colour"), "absent");
  set(session, "size", "3");
  EXPECT_EQ(value(cookie_of(session), "colour"), "\"blue\"");
  EXPECT_EQ(value(cookie_of(session), "size"), "3");
}

TEST_F(HostTransaction, ARolledBackRemovalIsSavedByTheNextSave) {
  Session session = new_session(book);
  host.begin();
  session.remove("cart");
  save(session);
  host.rollback();
  set(session, "size", "3");
  EXPECT_EQ(value(cookie_of(session), "cart"), "absent");
}

// The number of the rolled-back version is given to another's save.
TEST_F(HostTransaction, AnothersSaveUnderTheSameVersionIsMerged) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  set_in_vain(session, "colour", "\"blue\"");
  others_set(cookie, "size", "3");
  EXPECT_EQ(ask_number(versions), session.snapshot()->version);
  EXPECT_EQ(set(session, "more", "true"), Saved::merged);
  EXPECT_EQ(value(cookie, "size"), "3");
  EXPECT_EQ(value(cookie, "colour"), "\"blue\"");
  EXPECT_EQ(value(cookie, "more"), "true");
  EXPECT_EQ(value(cookie, "cart"), "1");
}

TEST_F(HostTransaction, NeitherSideIsLostWhereOthersHaveSavedMore) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  set_in_vain(session, "colour", "\"blue\"");
  others_set(cookie, "size", "3");
  others_set(cookie, "cart", "2");
  set(session, "more", "true");
  EXPECT_EQ(value(cookie, "size"), "3");
  EXPECT_EQ(value(cookie, "colour"), "\"blue\"");
  EXPECT_EQ(value(cookie, "cart"), "2") << "it was not ours to change";
}

TEST_F(HostTransaction, TheInnerBlockAloneMayBeRolledBack) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  host.begin();
  set(session, "cart", "2");
  set_in_vain(session, "colour", "\"blue\"");
  set(session, "cart", "1");  // as before the outer block: a change all the same
  host.commit();
  EXPECT_EQ(value(cookie, "cart"), "1");
  EXPECT_EQ(value(cookie, "colour"), "\"blue\"");
  EXPECT_EQ(cached(cookie, "cart"), "1");
}

TEST_F(HostTransaction, TheOuterBlockTakesTheInnerOnesAlong) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  host.begin();
  set(session, "cart", "2");
  host.begin();
  set(session, "colour", "\"blue\"");
  host.commit();
  host.rollback();
  EXPECT_EQ(value(cookie, "cart"), "1");
  others_set(cookie, "size", "3");
  others_set(cookie, "size", "4");
  set(session, "more", "true");
  for (const auto& [name, json] : {std::pair("cart", "2"), std::pair("colour", "\"blue\""),
                                   std::pair("size", "4"), std::pair("more", "true")})
    EXPECT_EQ(value(cookie, name), json) << name;
}

TEST_F(HostTransaction, WhatWasCommittedIsTheBaseAgain) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  host.begin();
  set(session, "cart", "2");
  host.commit();
  others_set(cookie, "cart", "3");
  EXPECT_EQ(set(session, "more", "true"), Saved::merged);
  EXPECT_EQ(value(cookie, "cart"), "3") << "it was not changed here since the commit";
}

// Two objects of one session in one block: what one saved is the other's base, committed or not.
TEST_F(HostTransaction, AnotherObjectsChangeInTheSameBlockIsKept) {
  Session one = new_session(book);
  const std::string cookie = cookie_of(one);
  host.begin();
  set(one, "cart", "2");
  Session other = book.open(cookie);
  set(other, "cart", "3");
  EXPECT_EQ(set(one, "more", "true"), Saved::merged);
  const Session seen = book.open(cookie);
  ASSERT_NE(seen.get("cart"), nullptr);
  EXPECT_EQ(*seen.get("cart"), "3");
  host.rollback();
  set(one, "size", "3");
  EXPECT_EQ(value(cookie, "more"), "true");
  EXPECT_EQ(value(cookie, "size"), "3");
}

TEST_F(HostTransaction, WhatWasReadInTheBlockIsNoBaseAfterIt) {
  Session one = new_session(book);
  const std::string cookie = cookie_of(one);
  host.begin();
  set(one, "colour", "\"blue\"");
  Session reader = book.open(cookie);
  host.rollback();
  others_set(cookie, "size", "3");
  EXPECT_EQ(reader.snapshot()->version, ask_number(versions));
  clock.advance(Seconds(100));
  EXPECT_TRUE(book.touch(reader, {}));
  EXPECT_EQ(cached(cookie, "colour"), "absent");
  set(reader, "more", "true");
  EXPECT_EQ(value(cookie, "size"), "3");
  EXPECT_EQ(value(cookie, "more"), "true");
  EXPECT_EQ(value(cookie, "colour"), "absent") << "that change was the other object's";
}

// A conflict, a merge and a save, all of it rolled back.
TEST_F(HostTransaction, AMergeThatIsRolledBackLosesNothingEither) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  others_set(cookie, "size", "3");
  host.begin();
  EXPECT_EQ(set(session, "colour", "\"blue\""), Saved::merged);
  host.rollback();
  others_set(cookie, "size", "4");
  set(session, "more", "true");
  EXPECT_EQ(value(cookie, "size"), "4");
  EXPECT_EQ(value(cookie, "colour"), "\"blue\"");
  EXPECT_EQ(value(cookie, "more"), "true");
}

TEST_F(HostTransaction, TouchingTellsNoCacheWhatWasRolledBack) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  set_in_vain(session, "colour", "\"blue\"");
  clock.advance(Seconds(100));
  EXPECT_TRUE(book.touch(session, test::firefox_at("198.51.100.1")));
  EXPECT_EQ(cached(cookie, "colour"), "absent");
  EXPECT_EQ(cached(cookie, "cart"), "1");
  EXPECT_EQ(elsewhere->open(cookie).snapshot()->client.ip->to_string(), "198.51.100.1");
  EXPECT_FALSE(book.touch(session, {})) << "once in an interval";
  set(session, "size", "3");
  EXPECT_EQ(cached(cookie, "colour"), "\"blue\"");
}

TEST_F(HostTransaction, TouchingInTheBlockTellsNoCacheWhatAnInnerOneRolledBack) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  clock.advance(Seconds(100));
  host.begin();
  set_in_vain(session, "colour", "\"blue\"");
  EXPECT_TRUE(book.touch(session, {}));
  host.commit();
  EXPECT_EQ(cached(cookie, "colour"), "absent");
  EXPECT_EQ(value(cookie, "colour"), "absent");
}

TEST_F(HostTransaction, AUseThatWasRolledBackIsNotedByTheNext) {
  Session session = new_session(book);
  clock.advance(Seconds(100));
  host.begin();
  EXPECT_TRUE(book.touch(session, test::firefox_at("198.51.100.1")));
  EXPECT_FALSE(book.touch(session, test::firefox_at("198.51.100.1"))) << "once in an interval";
  host.rollback();
  clock.advance(Seconds(100));
  EXPECT_TRUE(book.touch(session, test::firefox_at("198.51.100.1")));
  const auto row = book.peek(session.snapshot()->id)->snapshot();
  EXPECT_EQ(row->client.ip->to_string(), "198.51.100.1");
}

TEST_F(HostTransaction, AUseInTheBlockReachesTheCacheWithTheCommit) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  clock.advance(Seconds(100));
  host.begin();
  set(session, "cart", "2");
  EXPECT_TRUE(book.touch(session, test::firefox_at("198.51.100.1")));
  host.commit();
  EXPECT_EQ(cached(cookie, "cart"), "2");
  EXPECT_EQ(elsewhere->open(cookie).snapshot()->client.ip->to_string(), "198.51.100.1");
}

// The save finds the row of the save before it, but not the use.
TEST_F(HostTransaction, ASaveTellsTheCacheOfNoUseThatWasRolledBack) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  clock.advance(Seconds(100));
  host.begin();
  set(session, "cart", "2");
  host.begin();
  EXPECT_TRUE(book.touch(session, test::firefox_at("198.51.100.1")));
  host.rollback();
  set(session, "cart", "3");
  host.commit();
  EXPECT_EQ(cached(cookie, "cart"), "3");
  EXPECT_EQ(elsewhere->open(cookie).snapshot()->client, test::firefox_at("203.0.113.7"));
}

TEST_F(HostTransaction, WhatWasMadeInVainIsMadeAnew) {
  host.begin();
  Session session = new_session(book);
  const std::string first = cookie_of(session);
  set(session, "cart", "2");
  host.rollback();
  EXPECT_EQ(set(session, "size", "3"), Saved::created);
  EXPECT_NE(cookie_of(session), first);
  EXPECT_EQ(value(first, "cart"), "no session");
  EXPECT_EQ(value(cookie_of(session), "cart"), "2");
  EXPECT_EQ(value(cookie_of(session), "size"), "3");
}

TEST_F(HostTransaction, WhatWasMadeAndEndedIsNotMadeAnew) {
  for (const bool commits : {true, false}) {
    host.begin();
    Session session = new_session(book);
    book.revoke(session.snapshot()->id, {});
    if (!commits) {
      EXPECT_EQ(set(session, "size", "3"), Saved::ended) << "in the same block";
      host.rollback();
      continue;
    }
    host.commit();
    EXPECT_EQ(set(session, "size", "3"), Saved::ended);
    EXPECT_FALSE(session.exists());
  }
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 0);
}

// Where nobody tells of the commit, the history does.
TEST_F(HostTransaction, WhatWasEndedIsNotMadeAnewWhereNobodyToldOfTheCommit) {
  host.tell_nobody();
  host.begin();
  Session session = new_session(book);
  host.commit();
  elsewhere->revoke(session.snapshot()->id, {});
  EXPECT_EQ(set(session, "size", "3"), Saved::ended);
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 0);
}

TEST_F(HostTransaction, NothingIsLostWhereNobodyTellsOfTheCommit) {
  host.tell_nobody();
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  host.begin();
  set(session, "colour", "\"blue\"");
  set(session, "cart", "2");
  host.commit();
  others_set(cookie, "size", "3");
  EXPECT_EQ(set(session, "more", "true"), Saved::merged);
  for (const auto& [name, json] : {std::pair("cart", "2"), std::pair("colour", "\"blue\""),
                                   std::pair("size", "3"), std::pair("more", "true")})
    EXPECT_EQ(value(cookie, name), json) << name;
}

TEST_F(HostTransaction, AKeyThatWasChangedInVainIsChangedAgain) {
  const std::string ada = codec::json_string(
      Accounts(*elsewhere, random).create({.username = "ada"}, Secret("a password")));
  Session session = new_session(book);
  const std::string old = cookie_of(session);
  host.begin();
  EXPECT_EQ(book.rotate_key(session, {}), Saved::updated);
  const std::string in_vain = cookie_of(session);
  set(session, "_auth_user_id", ada.c_str());
  host.rollback();
  others_set(old, "size", "3");
  EXPECT_EQ(set(session, "more", "true"), Saved::updated);
  const std::string now = cookie_of(session);
  EXPECT_EQ(value(old, "cart"), "no session") << "the sign-in must not go to the old key";
  EXPECT_EQ(value(in_vain, "cart"), "no session");
  for (const auto& [name, json] : {std::pair("cart", "1"), std::pair("_auth_user_id", ada.c_str()),
                                   std::pair("size", "3"), std::pair("more", "true")})
    EXPECT_EQ(value(now, name), json) << name;
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 1);
}

TEST_F(HostTransaction, AnInnerBlocksNewKeyMayBeRolledBackAlone) {
  host.begin();
  Session session = new_session(book);
  host.begin();
  session.set("more", "true");
  EXPECT_EQ(book.rotate_key(session, {}), Saved::updated);
  host.rollback();
  EXPECT_EQ(set(session, "size", "3"), Saved::updated);
  host.commit();
  EXPECT_EQ(value(cookie_of(session), "more"), "true");
  EXPECT_EQ(value(cookie_of(session), "size"), "3");
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 1);
}

TEST_F(HostTransaction, ARotationFindsOutWhatWasRolledBackToo) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  set_in_vain(session, "colour", "\"blue\"");
  others_set(cookie, "size", "3");
  EXPECT_EQ(book.rotate_key(session, {}), Saved::updated);
  EXPECT_EQ(value(cookie, "cart"), "no session");
  EXPECT_EQ(value(cookie_of(session), "size"), "3");
  EXPECT_EQ(value(cookie_of(session), "colour"), "\"blue\"");
}

// A sign-out that was rolled back makes nobody a visitor.
TEST_F(HostTransaction, WhoWasSignedInDoesNotGoOnAfterASignOutInVain) {
  Accounts people(*elsewhere, random);
  const std::string ada = people.create({.username = "ada"}, Secret("a password"));
  Session session = new_session(book);
  set(session, "_auth_user_id", codec::json_string(ada).c_str());
  host.begin();
  session.remove("_auth_user_id");
  save(session);
  host.rollback();
  elsewhere->revoke(session.snapshot()->id, {});
  EXPECT_EQ(book.rotate_key(session, {}), Saved::ended);
  EXPECT_FALSE(session.exists());
}

TEST_F(HostTransaction, EndingEndsTheRowUnderTheKeyBeforeOneThatWasRolledBack) {
  Session session = new_session(book);
  host.begin();
  book.rotate_key(session, {});
  host.rollback();
  book.flush(session, store::Reason::signed_out, "");
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 0);
}

TEST_F(HostTransaction, TheHostsFunctionAndTheSessionMayOutliveEachOther) {
  auto gone = std::make_unique<Session>(new_session(book));
  const std::string cookie = cookie_of(*gone);
  host.begin();
  set(*gone, "cart", "2");
  Session copy = *gone;
  gone.reset();
  set(copy, "size", "3");
  host.commit();
  EXPECT_EQ(cached(cookie, "size"), "3");
  others_set(cookie, "cart", "3");
  set(copy, "more", "true");
  EXPECT_EQ(value(cookie, "cart"), "3") << "the copy knows of the commit";
  Session last = copy;
  host.begin();
  set(last, "cart", "4");
  host.rollback();
  set(copy, "cart", "5");
  set(last, "size", "6");
  EXPECT_EQ(value(cookie, "cart"), "4") << "the later save of a member wins";
  EXPECT_EQ(value(cookie, "size"), "6");
}

TEST_F(HostTransaction, ManySavesInOneBlockAreRolledBackAsOne) {
  Session session = new_session(book);
  const std::string cookie = cookie_of(session);
  host.begin();
  for (int i = 0; i < 100; ++i) set(session, "count", std::to_string(i).c_str());
  host.rollback();
  others_set(cookie, "size", "3");
  set(session, "more", "true");
  EXPECT_EQ(value(cookie, "count"), "99");
  EXPECT_EQ(value(cookie, "size"), "3");
}

TEST_F(HostTransaction, ASecondSaveInABlockIsOneStatement) {
  Session session = new_session(book);
  host.begin();
  set(session, "cart", "2");
  EXPECT_EQ(set(session, "cart", "3"), Saved::updated);
  EXPECT_EQ(host.statements(), 2);
  host.commit();
  EXPECT_EQ(value(cookie_of(session), "cart"), "3");
}

}  // namespace
}  // namespace innkeeper::engine
