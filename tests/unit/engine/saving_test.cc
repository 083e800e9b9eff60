#include "base/error.h"
#include "codec/json.h"
#include "engine/accounts.h"
#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class Saving : public test::EngineFixture {};

TEST_F(Saving, KeepsBothChangesOfTwoRequestsAtOnce) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session first = book->open(cookie);
  Session second = book->open(cookie);
  first.set("colour", "\"blue\"");
  second.set("size", "3");
  EXPECT_EQ(book->save(first, {}), Saved::updated);
  EXPECT_EQ(book->save(second, {}), Saved::merged);
  const Session after = book->open(cookie);
  EXPECT_EQ(*after.get("cart"), "1");
  EXPECT_EQ(*after.get("colour"), "\"blue\"");
  EXPECT_EQ(*after.get("size"), "3");
  EXPECT_EQ(*second.get("colour"), "\"blue\"") << "the session in hand shows the merge as well";
}

TEST_F(Saving, LetsARemovalStandAgainstAnUnchangedValue) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session first = book->open(cookie);
  Session second = book->open(cookie);
  first.remove("cart");
  second.set("size", "3");
  book->save(first, {});
  book->save(second, {});
  EXPECT_EQ(book->open(cookie).get("cart"), nullptr);
}

// Django with USE_TZ = False writes local times: only it knows in which zone they are.
TEST_F(Saving, KeepsTheRowsDateWhereThePayloadNamesTheSameOneAsBefore) {
  const auto book = open_engine();
  Session written = new_session(*book);
  const Time ends = clock.now() + Seconds(600);
  written.set("_session_expiry", "\"2100-01-01T03:40:00\"");  // some hours off in UTC
  written.expire_at(ends);
  book->save(written, {});
  Session elsewhere = book->open(cookie_of(written));
  elsewhere.set("size", "3");
  book->save(elsewhere, {});
  EXPECT_EQ(book->open(cookie_of(written)).snapshot()->expire_date, ends);
  EXPECT_EQ(book->cookie_age(elsewhere), Seconds(600));
  elsewhere.set("_session_expiry", "\"2100-01-01T09:00:00+00:00\"");
  book->save(elsewhere, {});
  EXPECT_NE(book->open(cookie_of(written)).snapshot()->expire_date, ends) << "a new date counts";
}

// The cache drops such a copy, and with it the announcement that kept older ones out.
TEST_F(Saving, AnOlderCopyDoesNotComeBackWhereTheNewOneIsTooLargeForTheCache) {
  test::MemoryCache narrow{clock, {.largest_value = 4000}};
  const auto book = open_engine(&narrow);
  const auto reader = open_engine(&narrow);
  const std::string cookie = cookie_of(new_session(*book));
  Session large = book->open(cookie);
  large.set("essay", '"' + std::string(100'000, 'x') + '"');
  narrow.forget_everything();
  clock.advance(Seconds(1));
  bool once = true;
  reader->set_fault_point([&](std::string_view place) {
    if (place == "load: the row is read, the cache not yet filled" && std::exchange(once, false))
      book->save(large, {});
  });
  EXPECT_EQ(reader->open(cookie).get("essay"), nullptr) << "it read the row before the save";
  EXPECT_FALSE(once);
  EXPECT_NE(reader->open(cookie).get("essay"), nullptr);
}

TEST_F(Saving, NeverBringsBackAnEndedSession) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session late = book->open(cookie);
  late.set("size", "3");
  book->revoke(late.snapshot()->id, {});
  EXPECT_EQ(book->save(late, {}), Saved::ended);
  EXPECT_FALSE(late.exists());
  EXPECT_FALSE(book->open(cookie).exists());
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 0);
}

TEST_F(Saving, DoesNotEraseWhatItWasNotTold) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  Session in_a_task = book->open(cookie_of(saved));
  in_a_task.set("done", "true");
  book->save(in_a_task, {});
  clock.advance(Seconds(100));
  EXPECT_TRUE(book->touch(in_a_task, {}));
  const auto after = book->peek(saved.snapshot()->id)->snapshot();
  EXPECT_EQ(after->client, test::firefox_at("203.0.113.7"));
  EXPECT_EQ(after->created_at, saved.snapshot()->created_at);
}

TEST_F(Saving, KeepsTheOwnerBesideThePayload) {
  const auto book = open_engine();
  Accounts accounts(*book, random);
  const std::string id = accounts.create({.username = "ada", .is_active = true}, Secret("pass"));
  Session session = new_session(*book);
  session.set("_auth_user_id", "\"" + id + "\"");
  book->save(session, {});
  EXPECT_EQ(book->peek(session.snapshot()->id)->snapshot()->user_id, id);
  session.remove("_auth_user_id");
  book->save(session, {});
  EXPECT_FALSE(book->peek(session.snapshot()->id)->snapshot()->user_id);
}

TEST_F(Saving, TouchesAtMostOnceInAnInterval) {
  const auto book = open_engine();
  Session session = new_session(*book);
  EXPECT_FALSE(book->touch(session, test::firefox_at("198.51.100.1")));
  clock.advance(Seconds(60));
  EXPECT_TRUE(book->touch(session, test::firefox_at("198.51.100.1")));
  EXPECT_FALSE(book->touch(session, test::firefox_at("198.51.100.2")));
  // Another process learns of the touch from the cache, and does not write either.
  Session elsewhere = open_engine()->open(cookie_of(session));
  EXPECT_EQ(elsewhere.snapshot()->client.ip->to_string(), "198.51.100.1");
  EXPECT_FALSE(open_engine()->touch(elsewhere, test::firefox_at("198.51.100.2")));
}

TEST_F(Saving, TouchingNeitherReplacesAPayloadNorItsVersion) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session reader = book->open(cookie);
  Session writer = book->open(cookie);
  writer.set("cart", "2");
  clock.advance(Seconds(100));
  book->save(writer, {});
  EXPECT_TRUE(book->touch(reader, {}));
  EXPECT_EQ(*book->open(cookie).get("cart"), "2");
  EXPECT_EQ(*open_engine(nullptr)->open(cookie).get("cart"), "2");
}

TEST_F(Saving, RotatesTheKeyAndKeepsTheData) {
  const auto book = open_engine();
  Session session = new_session(*book);
  const std::string old_cookie = cookie_of(session);
  const Time created = session.snapshot()->created_at;
  clock.advance(Seconds(10));
  session.set("more", "true");
  EXPECT_EQ(book->rotate_key(session, {}), Saved::updated);
  EXPECT_NE(cookie_of(session), old_cookie);
  EXPECT_FALSE(book->open(old_cookie).exists());
  const Session after = book->open(cookie_of(session));
  EXPECT_EQ(*after.get("cart"), "1");
  EXPECT_EQ(*after.get("more"), "true");
  EXPECT_EQ(after.snapshot()->created_at, created);
  EXPECT_TRUE(book->history({}, std::nullopt, 10).records.empty()) << "nobody was signed out";
}

TEST_F(Saving, AKeyThatWasRotatedAMomentAgoIsKnown) {
  const auto book = open_engine();
  Session session = new_session(*book), ended = new_session(*book);
  const std::string old_cookie = cookie_of(session), ended_cookie = cookie_of(ended);
  book->rotate_key(session, {});
  book->flush(ended, store::Reason::signed_out, "");
  sql("UPDATE innkeeper_ended SET ended_at = ?", {clock.now()});  // the trigger asks no such clock
  EXPECT_TRUE(book->was_rotated(old_cookie));
  EXPECT_FALSE(book->was_rotated(cookie_of(session)));
  EXPECT_FALSE(book->was_rotated(ended_cookie));
  EXPECT_FALSE(book->was_rotated("no key"));
  clock.advance(Seconds(61));
  EXPECT_FALSE(book->was_rotated(old_cookie));
}

TEST_F(Saving, RotatesWhatAnotherRequestHasJustSaved) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session rotated = book->open(cookie);
  Session other = book->open(cookie);
  other.set("late", "1");
  book->save(other, {});
  rotated.set("mine", "2");
  book->rotate_key(rotated, {});
  const Session after = book->open(cookie_of(rotated));
  EXPECT_EQ(*after.get("late"), "1");
  EXPECT_EQ(*after.get("mine"), "2");
}

TEST_F(Saving, AVisitorsDataGoesOnInANewSessionWhereTheOldOneEndedBeforeTheRotation) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session one = book->open(cookie);
  Session other = book->open(cookie);
  EXPECT_EQ(book->rotate_key(one, {}), Saved::updated);
  other.set("mine", "2");
  EXPECT_EQ(book->rotate_key(other, {}), Saved::created);
  EXPECT_FALSE(book->open(cookie).exists()) << "what was ended stays so";
  EXPECT_NE(cookie_of(one), cookie_of(other));
  const Session after = book->open(cookie_of(other));
  EXPECT_EQ(*after.get("cart"), "1");
  EXPECT_EQ(*after.get("mine"), "2");
}

TEST_F(Saving, WhoWasSignedInDoesNotGoOnWhereTheSessionEndedBeforeTheRotation) {
  const auto book = open_engine();
  Session session = new_session(*book);
  Accounts people(*book, random);
  const std::string ada = people.create({.username = "ada"}, Secret("a password"));
  session.set("_auth_user_id", codec::json_string(ada));
  book->save(session, {});
  const std::string cookie = cookie_of(session);
  Session late = book->open(cookie);
  book->revoke(session.snapshot()->id, {});
  late.remove("_auth_user_id");
  EXPECT_EQ(book->rotate_key(late, {}), Saved::ended) << "whatever it says of itself now";
  EXPECT_FALSE(late.exists());
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(Saving, ServesNothingOldAfterTheCacheWasDownForTheSave) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  Session session = book->open(cookie);
  session.set("cart", "2");
  cache.set_down(true);
  EXPECT_EQ(book->save(session, {}), Saved::updated);
  cache.set_down(false);
  EXPECT_EQ(*book->open(cookie).get("cart"), "2") << "whoever could not tell it knows at once";
  clock.advance(Seconds(1));
  EXPECT_EQ(*open_engine()->open(cookie).get("cart"), "2");
  EXPECT_TRUE(book->history({}, std::nullopt, 10).records.empty()) << "for the feed alone";
}

TEST_F(Saving, ServesNothingOldWhereTheSaverDiedBeforeItToldTheCache) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  struct Killed {};
  auto dying = open_engine();
  Session session = dying->open(cookie);
  session.set("cart", "2");
  dying->set_fault_point([](std::string_view place) {
    if (place == "save: the row is written, the cache not yet") throw Killed{};
  });
  EXPECT_THROW(dying->save(session, {}), Killed);
  EXPECT_EQ(*book->open(cookie).get("cart"), "2");
}

TEST_F(Saving, NamesADatabaseErrorAsThat) {
  const auto book = open_engine();
  Session session = new_session(*book);
  session.set("cart", "2");
  sql("ALTER TABLE innkeeper_session RENAME TO elsewhere");
  EXPECT_THROW(book->save(session, {}), StoreError);
  EXPECT_TRUE(session.exists()) << "nothing is lost: it can be saved when the database is back";
  sql("ALTER TABLE elsewhere RENAME TO innkeeper_session");
  EXPECT_EQ(book->save(session, {}), Saved::updated);
}

TEST_F(Saving, SaysHowLongTheCookieLives) {
  const auto book = open_engine();
  Session session;
  EXPECT_EQ(book->cookie_age(session), Seconds(1209600));
  session.set_expiry(30);
  EXPECT_EQ(book->cookie_age(session), Seconds(30));
  session.set_expiry(0);
  EXPECT_EQ(book->cookie_age(session), std::nullopt);
}

TEST_F(Saving, ReplacesAnOpaquePayloadWithoutReadingIt) {
  auto settings = test::test_settings();
  settings.serializer = Serializer::opaque;
  const auto book = open_engine(&cache, settings);
  Session session;
  EXPECT_EQ(book->save(session, {}), Saved::created);
  EXPECT_EQ(book->open(cookie_of(session)).snapshot()->content, "");
}

TEST_F(Saving, SignsTheBytesOfAnotherSerializerAndKnowsWhoseTheyAre) {
  auto settings = test::test_settings();
  settings.serializer = Serializer::opaque;
  const auto book = open_engine(&cache, settings);
  Accounts accounts(*book, random);
  const std::string id = accounts.create({.username = "ada", .is_active = true}, Secret("pass"));
  Session session;
  const std::string known = "{\"_auth_user_id\":\"" + id + "\",\"_session_expiry\":60}";
  ASSERT_TRUE(session.replace_opaque(std::string("\x80\x05bytes\0.", 9), known));
  book->save(session, {});
  const Session after = book->open(cookie_of(session));
  EXPECT_EQ(after.snapshot()->content, std::string("\x80\x05bytes\0.", 9));
  EXPECT_EQ(after.snapshot()->user_id, id);
  EXPECT_EQ(after.snapshot()->expire_date, clock.now() + Seconds(60));
}

TEST_F(Saving, LetsTheLaterOfTwoOpaquePayloadsStand) {
  auto settings = test::test_settings();
  settings.serializer = Serializer::opaque;
  const auto book = open_engine(&cache, settings);
  Session session;
  ASSERT_TRUE(session.replace_opaque("first", "{}"));
  book->save(session, {});
  Session other = book->open(cookie_of(session));
  ASSERT_TRUE(other.replace_opaque("second", "{}"));
  book->save(other, {});
  ASSERT_TRUE(session.replace_opaque("third", "{\"_session_expiry\":60}"));
  EXPECT_EQ(book->save(session, {}), Saved::merged);
  const Session after = book->open(cookie_of(session));
  EXPECT_EQ(after.snapshot()->content, "third");
  EXPECT_EQ(after.snapshot()->expire_date, clock.now() + Seconds(60));
}

TEST_F(Saving, MergesAPayloadThatAHostHandsOverAsAWhole) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session first = book->open(cookie);
  Session second = book->open(cookie);
  ASSERT_TRUE(first.replace(R"({"cart":1,"colour":"blue"})"));
  book->save(first, {});
  ASSERT_TRUE(second.replace(R"({"size":3})"));
  EXPECT_EQ(book->save(second, {}), Saved::merged);
  EXPECT_EQ(book->open(cookie).snapshot()->content, R"({"colour":"blue","size":3})");
}

TEST_F(Saving, WritesTheDateThatAHostDecidedOnce) {
  const auto book = open_engine();
  Session session = new_session(*book);
  session.set_expiry(60);
  session.expire_at(clock.now() + Seconds(7));
  book->save(session, {});
  EXPECT_EQ(session.snapshot()->expire_date, clock.now() + Seconds(7));
  book->save(session, {});
  EXPECT_EQ(session.snapshot()->expire_date, clock.now() + Seconds(60));
}

TEST_F(Saving, TakesNothingButAnObjectForAPayload) {
  Session session;
  session.set("cart", "1");
  EXPECT_FALSE(session.replace("[1,2]"));
  EXPECT_FALSE(session.replace("{"));
  EXPECT_FALSE(session.replace_opaque("bytes", "7"));
  EXPECT_EQ(*session.get("cart"), "1");
}

// Shortening in SQL raises no version, and ends all the same.
TEST_F(Saving, NoLateSaveAndNoNewKeyBringsBackWhatWasShortened) {
  const auto book = open_engine();
  for (const bool rotates : {false, true}) {
    Session session = new_session(*book);
    session.set("_auth_user_id", "\"7\"");
    book->save(session, {});
    const std::string cookie = cookie_of(session);
    Session late = book->open(cookie);
    sql("UPDATE innkeeper_session SET expire_date = '2001-01-01 00:00:00.000000'");
    late.set("cart", "2");
    EXPECT_EQ(rotates ? book->rotate_key(late, {}) : book->save(late, {}), Saved::ended);
    clock.advance(Seconds(1));  // the feed has told the cache
    EXPECT_FALSE(book->open(cookie).exists());
  }
}

}  // namespace
}  // namespace innkeeper::engine
