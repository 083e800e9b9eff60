// What an observer hears: each thing once, after the commit, and nothing that it did not ask for.
#include "engine/observer.h"

#include "tests/support/engine_fixture.h"
#include "tests/support/host_database.h"

namespace innkeeper::engine {
namespace {

class Listener final : public Observer {
 public:
  bool wants(Event) override { return listens; }
  const device::DeviceReader* devices() override { return reader; }
  void started(const Started& session) override { starts.push_back(session); }
  void client_changed(const ClientChanged& change) override { changes.push_back(change); }
  void ended(std::span<const Ended> sessions) override {
    ends.insert(ends.end(), sessions.begin(), sessions.end());
  }

  bool listens = true;
  const device::DeviceReader* reader = nullptr;
  std::vector<Started> starts;
  std::vector<ClientChanged> changes;
  std::vector<Ended> ends;
};

const Client phone{IpAddress::parse("198.51.100.4"),
                   "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
                   "Chrome/118.0.0.0 Mobile Safari/537.36",
                   ""};

// The same browser, three versions later.
Client newer(Client client) {
  for (auto at = client.user_agent.find("128"); at != std::string::npos;
       at = client.user_agent.find("128"))
    client.user_agent.replace(at, 3, "131");
  return client;
}

class Observed : public test::EngineFixture {
 protected:
  Observed() {
    book->set_observer(&listener);
    Accounts people(*book, random);
    zoe = people.create({.username = "zoe"}, Secret("a password"));
    kim = people.create({.username = "kim"}, Secret("a password"));
  }

  static void sign_in_as(Session& session, const std::string& user) {
    session.set("_auth_user_id", codec::json_string(user));
  }
  Session signed_in(const std::string& user, const Client& client) {
    Session session;
    sign_in_as(session, user);
    book->save(session, client);
    return session;
  }

  Listener listener;
  std::unique_ptr<Engine> book = open_engine();
  std::string zoe, kim;
};

TEST_F(Observed, AVisitorsSessionStartsWithItsFirstSaveAlone) {
  Session session = new_session(*book);
  session.set("cart", "2");
  book->save(session, {});
  ASSERT_EQ(listener.starts.size(), 1U);
  EXPECT_EQ(listener.starts[0].id, session.snapshot()->id);
  EXPECT_EQ(listener.starts[0].user_id, std::nullopt);
}

TEST_F(Observed, ASignInStartsASessionOnceAsDjangoDoesIt) {
  Session session;
  book->rotate_key(session, phone);  // login() asks for a fresh key before it says who it is
  EXPECT_TRUE(listener.starts.empty());
  sign_in_as(session, zoe);
  book->save(session, phone);
  session.set("cart", "1");
  book->save(session, phone);
  ASSERT_EQ(listener.starts.size(), 1U);
  EXPECT_EQ(listener.starts[0].user_id, zoe);
}

TEST_F(Observed, ASignInInAVisitorsSessionIsAStartOfItsOwn) {
  Session session = new_session(*book);
  book->rotate_key(session, phone);
  sign_in_as(session, zoe);
  book->save(session, phone);
  ASSERT_EQ(listener.starts.size(), 2U);
  EXPECT_EQ(listener.starts[1].user_id, zoe);
  EXPECT_TRUE(listener.ends.empty()) << "a rotated key ends nothing";
}

TEST_F(Observed, AnotherAddressIsAChangeOnceAndWhatWasUnknownIsNone) {
  Session session = new_session(*book);
  clock.advance(Seconds(61));
  Client client = test::firefox_at("203.0.113.7");
  client.client_hints = "platform=\"Linux\"";
  book->touch(session, client);
  EXPECT_TRUE(listener.changes.empty());
  clock.advance(Seconds(61));
  client.ip = IpAddress::parse("192.0.2.9");
  book->touch(session, client);
  book->touch(session, client);
  ASSERT_EQ(listener.changes.size(), 1U);
  EXPECT_EQ(listener.changes[0].before.ip, IpAddress::parse("203.0.113.7"));
  EXPECT_EQ(listener.changes[0].now.ip, IpAddress::parse("192.0.2.9"));
}

TEST_F(Observed, OfTwoRequestsAtOnceOneTellsOfTheChange) {
  Session one = new_session(*book);
  Session other = book->open(cookie_of(one));
  clock.advance(Seconds(61));
  book->touch(one, phone);
  book->touch(other, phone);
  EXPECT_EQ(listener.changes.size(), 1U);
}

TEST_F(Observed, WhatEndsIsToldWithItsUserReasonAndActor) {
  const Session session = signed_in(zoe, phone);
  book->revoke(session.snapshot()->id, {.actor = "user 9"});
  book->revoke(session.snapshot()->id, {.actor = "user 9"});
  ASSERT_EQ(listener.ends.size(), 1U);
  EXPECT_EQ(listener.ends[0].user_id, zoe);
  EXPECT_EQ(listener.ends[0].reason, store::Reason::revoked);
  EXPECT_EQ(listener.ends[0].actor, "user 9");
}

TEST_F(Observed, APurgeTellsOfEachExpiredSession) {
  Session session;
  session.set_expiry(60);
  book->save(session, {});
  new_session(*book);
  clock.advance(Seconds(61));
  book->clear_expired({});
  ASSERT_EQ(listener.ends.size(), 1U);
  EXPECT_EQ(listener.ends[0].id, session.snapshot()->id);
  EXPECT_EQ(listener.ends[0].reason, store::Reason::expired);
}

TEST_F(Observed, WhoListensToNothingHearsNothing) {
  listener.listens = false;
  const Session session = signed_in(zoe, phone);
  book->revoke(session.snapshot()->id, {});
  EXPECT_TRUE(listener.starts.empty());
  EXPECT_TRUE(listener.ends.empty());
}

TEST_F(Observed, ASignInThatWasRolledBackIsToldOfWhenItIsSavedAgain) {
  test::HostDatabase host(*database);
  Engine inside(test::test_settings(), host, &cache, clock, random, log);
  inside.set_observer(&listener);
  Session session = new_session(inside);
  listener.starts.clear();
  host.begin();
  sign_in_as(session, zoe);
  inside.save(session, {});
  host.rollback();
  EXPECT_TRUE(listener.starts.empty());
  clock.advance(Seconds(1));
  inside.save(session, {});
  ASSERT_EQ(listener.starts.size(), 1U);
  EXPECT_EQ(listener.starts[0].user_id, zoe);
}

class NewDevice : public Observed {
 protected:
  NewDevice() { listener.reader = &reader; }
  bool last_was_new() { return listener.starts.back().new_device; }

  device::DeviceReader reader{{}, log};
};

TEST_F(NewDevice, TheFirstSessionIsFromANewDeviceAndSaysThatItIsTheFirst) {
  signed_in(zoe, phone);
  EXPECT_TRUE(last_was_new());
  EXPECT_TRUE(listener.starts.back().first_session);
  signed_in(zoe, test::firefox_at("203.0.113.7"));
  EXPECT_TRUE(last_was_new());
  EXPECT_FALSE(listener.starts.back().first_session);
}

TEST_F(NewDevice, ANewVersionOfTheBrowserIsTheSameDevice) {
  signed_in(zoe, test::firefox_at("203.0.113.7"));
  signed_in(zoe, newer(test::firefox_at("192.0.2.1")));
  EXPECT_FALSE(last_was_new());
}

TEST_F(NewDevice, AnotherUsersDeviceIsNotKnown) {
  signed_in(zoe, phone);
  signed_in(kim, phone);
  EXPECT_TRUE(last_was_new());
}

TEST_F(NewDevice, TheDeviceOfAnEndedSessionIsKnown) {
  clock.set(SystemClock().now());  // the triggers note what is alive by the database's own clock
  const Session session = signed_in(zoe, phone);
  book->revoke(session.snapshot()->id, {});
  signed_in(zoe, phone);
  EXPECT_FALSE(last_was_new());
}

TEST_F(NewDevice, HintsThatOneSideLacksMakeNoDifference) {
  Client told = phone;
  told.client_hints = "platform=\"Android\"; model=\"Pixel 7\"";
  signed_in(zoe, told);
  signed_in(zoe, phone);
  EXPECT_FALSE(last_was_new());
}

TEST_F(NewDevice, AClientThatNamesNothingIsNeverNew) {
  signed_in(zoe, {});
  EXPECT_FALSE(last_was_new());
}

}  // namespace
}  // namespace innkeeper::engine
