#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class Loading : public test::EngineFixture {};

TEST_F(Loading, OpensWhatWasSaved) {
  const auto book = open_engine();
  const Session saved = new_session(*book, "cart", "[1,2]");
  const Session opened = book->open(cookie_of(saved));
  ASSERT_TRUE(opened.exists());
  EXPECT_EQ(*opened.get("cart"), "[1,2]");
  EXPECT_EQ(opened.snapshot()->client.ip->to_string(), "203.0.113.7");
  EXPECT_FALSE(opened.modified());
}

TEST_F(Loading, TakesOnlyWhatHasTheFormOfAKeyAndWasIssued) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  const std::string id = saved.snapshot()->id.text();
  for (const std::string& cookie :
       {id, id.substr(0, 32), std::string(32, 'a'), std::string(), std::string(9000, 'a'),
        cookie_of(saved) + "x", "../" + cookie_of(saved)}) {
    const Session opened = book->open(cookie);
    EXPECT_FALSE(opened.exists());
    EXPECT_FALSE(opened.key()) << "a key that the server did not issue must never become one";
    EXPECT_TRUE(opened.empty());
  }
  EXPECT_FALSE(book->open(std::nullopt).exists());
}

TEST_F(Loading, TakesTheSecondLookFromTheCache) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  cache.forget_everything();
  clock.advance(Seconds(1));
  book->open(cookie_of(saved));  // a new epoch, and the fill
  int reads = 0;
  book->set_fault_point(
      [&](std::string_view place) { reads += place == "load: before the row is read" ? 1 : 0; });
  EXPECT_TRUE(book->open(cookie_of(saved)).exists());
  EXPECT_EQ(reads, 0);
}

// The naive way makes sure that nothing older stands there, and takes the newer copy away.
TEST_F(Loading, TakesTheCopyOfATouchThatCameBeforeTheSavesOwn) {
  const auto saver = open_engine();
  const auto toucher = open_engine();
  const std::string cookie = cookie_of(new_session(*saver));
  clock.advance(Seconds(61));
  bool once = true;
  saver->set_fault_point([&](std::string_view place) {
    if (place != "save: the row is written, the cache not yet" || !std::exchange(once, false))
      return;
    Session used = toucher->open(cookie);
    EXPECT_TRUE(toucher->touch(used, {}));
  });
  Session session = saver->open(cookie);
  session.set("cart", "2");
  EXPECT_EQ(saver->save(session, {}), Saved::updated);
  EXPECT_FALSE(once);
  const auto cached = saver->open_cached(cookie);
  ASSERT_TRUE(cached);
  EXPECT_EQ(*cached->get("cart"), "2");
  EXPECT_EQ(cached->snapshot()->last_activity, clock.now()) << "the touch's copy";
}

// A reader that is late adds the old copy in the moment after the cache dropped the new one.
TEST_F(Loading, TakesNoOlderCopyThatCameWhereTheNewOneIsTooLargeForTheCache) {
  test::MemoryCache narrow{clock, {.largest_value = 4000}};
  const auto book = open_engine(&narrow);
  const Session session = new_session(*book);
  const std::string cookie = cookie_of(session);
  Session large = book->open(cookie);
  large.set("essay", '"' + std::string(100'000, 'x') + '"');
  const std::string id = session.snapshot()->id.text();
  std::string old_copy;
  int puts = 0;
  narrow.before_call = [&](test::MemoryCache::Operation operation, std::string_view key) {
    if (!key.ends_with(id) || operation != test::MemoryCache::Operation::set_unless_newer) return;
    ++puts;  // the announcement, the copy, what comes after
    const auto hook = std::exchange(narrow.before_call, nullptr);
    if (puts == 1) old_copy = narrow.get(key).value();
    if (puts == 3) {
      EXPECT_TRUE(narrow.add(key, old_copy, Seconds(3600)));
    }
    narrow.before_call = hook;
  };
  EXPECT_EQ(book->save(large, {}), Saved::updated);
  narrow.before_call = nullptr;
  EXPECT_EQ(puts, 3);
  EXPECT_NE(book->open(cookie).get("essay"), nullptr);
}

TEST_F(Loading, WritesNothing) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  const auto before = ask("SELECT * FROM innkeeper_session");
  cache.forget_everything();
  clock.advance(Seconds(30));
  book->open(cookie_of(saved));
  EXPECT_EQ(ask("SELECT * FROM innkeeper_session"), before);
}

TEST_F(Loading, FindsNothingAfterTheExpiry) {
  const auto book = open_engine();
  Session session;
  session.set_expiry(100);
  book->save(session, {});
  const std::string cookie = cookie_of(session);
  clock.advance(Seconds(99));
  EXPECT_TRUE(book->open(cookie).exists());
  clock.advance(Seconds(1));
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(Loading, EndsASessionThatNobodyUsedForTheIdleTimeout) {
  auto settings = test::test_settings();
  settings.expiry.idle_timeout = Seconds(600);
  const auto book = open_engine(&cache, settings);
  const std::string cookie = cookie_of(new_session(*book));
  for (int i = 0; i < 5; ++i) {
    clock.advance(Seconds(500));
    Session session = book->open(cookie);
    ASSERT_TRUE(session.exists()) << i;
    EXPECT_TRUE(book->touch(session, {}));
  }
  clock.advance(Seconds(600));
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(Loading, EndsASessionAtTheAbsoluteTimeoutHoweverBusy) {
  auto settings = test::test_settings();
  settings.expiry.absolute_timeout = Seconds(1000);
  const auto book = open_engine(&cache, settings);
  const std::string cookie = cookie_of(new_session(*book));
  clock.advance(Seconds(900));
  Session session = book->open(cookie);
  session.set("busy", "true");
  EXPECT_EQ(book->save(session, {}), Saved::updated);
  clock.advance(Seconds(100));
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(Loading, ReadsAForgedPayloadAsEmptyWithOneSecurityLineThatDoesNotShowIt) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  sql("UPDATE innkeeper_session SET session_data = ?",
      {std::string("eyJhZG1pbiI6dHJ1ZX0:1r31eq:forged-signature-here")});
  cache.forget_everything();
  clock.advance(Seconds(1));
  const Session opened = book->open(cookie_of(saved));
  EXPECT_TRUE(opened.exists());
  EXPECT_TRUE(opened.empty());
  EXPECT_EQ(log.count(security_log), 1);
  EXPECT_FALSE(log.mentions("eyJhZG1pbiI6"));
  EXPECT_FALSE(log.mentions(cookie_of(saved)));
}

TEST_F(Loading, ReadsASignedPayloadThatIsNoObjectAsEmptyWithOneSecurityLine) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  const codec::PayloadCodec codec(test::test_settings().keys);
  const std::string deep = "{\"a\":" + std::string(20000, '[') + std::string(20000, ']') + "}";
  int lines = 0;
  for (const std::string& content : {std::string("[1,2]"), std::string("a pickle"), deep}) {
    sql("UPDATE innkeeper_session SET session_data = ?", {codec.encode(content, clock.now())});
    cache.forget_everything();
    clock.advance(Seconds(1));
    const Session opened = book->open(cookie_of(saved));
    EXPECT_TRUE(opened.exists());
    EXPECT_TRUE(opened.empty());
    EXPECT_TRUE(opened.refused());
    EXPECT_EQ(log.count(security_log, "signed, but it is"), ++lines);
  }
  EXPECT_FALSE(log.mentions("pickle"));
}

// Django on a Python before 3.12 reads about 990 levels, later ones ten times as many.
TEST_F(Loading, ReadsWhatIsNestedAsDeepAsPythonNests) {
  const auto book = open_engine();
  const std::string nested = std::string(9000, '[') + std::string(9000, ']');
  const Session saved = new_session(*book, "deep", nested);
  cache.forget_everything();
  clock.advance(Seconds(1));
  Session opened = book->open(cookie_of(saved));
  opened.set("cart", "1");
  EXPECT_EQ(book->save(opened, {}), Saved::updated);
  EXPECT_EQ(*book->open(cookie_of(saved)).get("deep"), nested);
  EXPECT_EQ(log.count(security_log), 0);
}

TEST_F(Loading, TellsOfACookieThatIsNoKeyWithoutItsValue) {
  const auto book = open_engine();
  EXPECT_FALSE(book->open("' OR 1=1 --").exists());
  EXPECT_FALSE(book->open_cached(std::string(9000, 'x'))->exists());
  EXPECT_EQ(log.count(security_log, "has not the form of a session's key"), 2);
  EXPECT_FALSE(log.mentions("OR 1=1"));
  // What every site sees each day.
  book->open(std::nullopt);
  book->open("");
  book->open(std::string(32, 'a'));
  EXPECT_EQ(log.count(security_log), 2);
}

// A key that was forgotten in SECRET_KEY_FALLBACKS and is put there must help at once.
TEST_F(Loading, KeepsNoCopyOfWhatItCouldNotVerify) {
  auto settings = test::test_settings();
  auto before = settings;
  before.keys.secret_key = Secret(std::string("the key of last year"));
  const Session saved = new_session(*open_engine(nullptr, before));
  const auto forgetful = open_engine(&cache, settings);
  forgetful->open(cookie_of(saved));  // begins the epoch
  clock.advance(Seconds(1));
  EXPECT_TRUE(forgetful->open(cookie_of(saved)).empty());
  settings.keys.fallbacks = {before.keys.secret_key};
  EXPECT_FALSE(open_engine(&cache, settings)->open(cookie_of(saved)).empty());
}

TEST_F(Loading, NeverWritesTheKeyAnywhere) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  Session session = book->open(cookie);
  session.set("more", "1");
  book->save(session, {});
  EXPECT_EQ(cache.dump().find(cookie), std::string::npos);
  for (const auto& row : ask("SELECT * FROM innkeeper_session")) {
    for (const auto& value : row) {
      const auto* text = std::get_if<std::string>(&value);
      EXPECT_TRUE(text == nullptr || text->find(cookie) == std::string::npos);
    }
  }
  EXPECT_FALSE(log.mentions(cookie));
}

TEST_F(Loading, GoesOnWithoutACacheThatIsDown) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  cache.set_down(true);
  EXPECT_TRUE(book->open(cookie).exists());
  clock.advance(Seconds(5));
  EXPECT_TRUE(book->open(cookie).exists());
  EXPECT_EQ(log.count(general_log, "going on without the cache"), 1)
      << "one line a minute, not one a request";
}

// Until it came to that time again, nobody would be told.
TEST_F(Loading, AClockThatWasSetBackDoesNotSilenceTheReport) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  clock.advance(std::chrono::days(1));
  cache.set_down(true);
  book->open(cookie);
  clock.advance(-std::chrono::days(1));
  book->open(cookie);
  book->open(cookie);
  EXPECT_EQ(log.count(general_log, "going on without the cache"), 2);
}

TEST_F(Loading, BelievesNoEntryThatSomebodyElseWrote) {
  const auto book = open_engine();
  const Session victim = new_session(*book, "who", "\"victim\"");
  const Session mine = new_session(*book, "who", "\"me\"");
  const std::string mine_id = mine.snapshot()->id.text();
  book->open(cookie_of(victim));
  // A hostile cache serves the victim's entry in the place of mine.
  std::string stolen;
  cache.before_call = [&](test::MemoryCache::Operation operation, std::string_view key) {
    if (operation == test::MemoryCache::Operation::get && key.ends_with(mine_id) &&
        stolen.empty()) {
      stolen = "x";
      std::string other(key);
      other.replace(other.size() - mine_id.size(), mine_id.size(), victim.snapshot()->id.text());
      stolen = cache.get(other).value_or("");
      cache.set(key, stolen, Seconds(60));
    }
  };
  const Session opened = book->open(cookie_of(mine));
  EXPECT_GT(stolen.size(), 100u);
  EXPECT_EQ(*opened.get("who"), "\"me\"");
  EXPECT_EQ(log.count(security_log), 1);
}

TEST_F(Loading, OpensFromTheCacheAloneOnlyWhileTheFeedIsFresh) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  EXPECT_FALSE(book->open_cached(cookie));
  book->open(cookie);
  ASSERT_TRUE(book->open_cached(cookie));
  EXPECT_TRUE(book->open_cached(cookie)->exists());
  clock.advance(Seconds(1));
  EXPECT_FALSE(book->open_cached(cookie));
  book->follow_feed();
  EXPECT_TRUE(book->open_cached(cookie));
}

TEST_F(Loading, PeeksByThePublicIdWithoutTheRightToSave) {
  const auto book = open_engine();
  const Session saved = new_session(*book);
  auto peeked = book->peek(saved.snapshot()->id);
  ASSERT_TRUE(peeked);
  EXPECT_EQ(*peeked->get("cart"), "1");
  EXPECT_FALSE(peeked->key());
  peeked->set("cart", "2");
  EXPECT_THROW(book->save(*peeked, {}), Error);
  EXPECT_THROW(book->rotate_key(*peeked, {}), Error) << "it would hand out a key";
  EXPECT_EQ(*book->open(cookie_of(saved)).get("cart"), "1");
}

}  // namespace
}  // namespace innkeeper::engine
