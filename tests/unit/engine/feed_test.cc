#include "engine/feed.h"

#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class Following : public test::EngineFixture {
 protected:
  // How often the feed was read: once for each life of the marker.
  int feed_reads() {
    int reads = 0;
    for (const std::string& line : log.lines())
      reads += line.find("begins empty") != std::string::npos ? 1 : 0;
    return reads;
  }
  // How many tombstones `doing` leaves.
  int burials(const std::function<void()>& doing) {
    int buried = 0;
    cache.before_call = [&](test::MemoryCache::Operation operation, std::string_view key) {
      const bool write = operation == test::MemoryCache::Operation::set_unless_newer;
      if (write && !key.ends_with(":feed")) ++buried;
    };
    doing();
    cache.before_call = nullptr;
    return buried;
  }
  std::int64_t writes_of_the_marker = 0;
  void count_marker_writes() {
    cache.before_call = [this](test::MemoryCache::Operation operation, std::string_view key) {
      const bool write = operation == test::MemoryCache::Operation::set ||
                         operation == test::MemoryCache::Operation::set_unless_newer;
      if (write && key.ends_with(":feed")) ++writes_of_the_marker;
    };
  }
};

TEST_F(Following, ReadsTheFeedOnceAnIntervalForEveryProcessOfACache) {
  const auto one = open_engine();
  const auto two = open_engine();
  const std::string cookie = cookie_of(new_session(*one));
  count_marker_writes();
  for (int i = 0; i < 100; ++i) {
    one->open(cookie);
    two->open(cookie);
  }
  EXPECT_EQ(writes_of_the_marker, 1);
  clock.advance(std::chrono::milliseconds(500));
  for (int i = 0; i < 100; ++i) {
    two->open(cookie);
    one->open(cookie);
  }
  EXPECT_EQ(writes_of_the_marker, 2);
}

TEST_F(Following, LearnsFromAProgramWithAnotherCache) {
  test::MemoryCache elsewhere(clock);
  const auto here = open_engine();
  const auto there = open_engine(&elsewhere);
  const Session session = new_session(*here);
  EXPECT_TRUE(there->open(cookie_of(session)).exists());
  EXPECT_TRUE(there->open(cookie_of(session)).exists());
  here->revoke(session.snapshot()->id, {});
  clock.advance(std::chrono::milliseconds(999));
  EXPECT_FALSE(there->open(cookie_of(session)).exists());
}

// What expires first goes first: were it the marker or the witness, each entry would end an epoch.
TEST_F(Following, AFullCacheOfLongLivedCopiesStaysInItsEpoch) {
  auto settings = test::test_settings();
  settings.cache_age = std::chrono::days(30);
  settings.expiry.cookie_age = std::chrono::days(60);
  settings.feed_memory = std::chrono::days(2);
  const auto engine = open_engine(&cache, settings);
  for (int i = 0; i < 5; ++i) engine->open(cookie_of(new_session(*engine)));
  for (int day = 0; day < 200; ++day) {
    clock.advance(std::chrono::days(1));
    engine->open(cookie_of(new_session(*engine)));
    cache.evict_first();
  }
  EXPECT_EQ(feed_reads(), 1);
}

// Whatever its age: only what was lost ends an epoch.
TEST_F(Following, AnEpochThatIsFollowedLivesOn) {
  auto settings = test::test_settings();
  settings.feed_memory = std::chrono::days(2);
  const auto engine = open_engine(&cache, settings);
  for (int day = 0; day < 200; ++day) {
    clock.advance(std::chrono::days(1));
    engine->follow_feed();
  }
  EXPECT_EQ(feed_reads(), 1);
}

// Two machines on one database, with a cache each.
class TwoCaches : public Following {
 protected:
  static Settings feeding() {
    auto settings = test::test_settings();
    settings.feed_saves = true;
    return settings;
  }
  std::unique_ptr<Engine> open_elsewhere(cache::Cache* with) {
    return open_engine(with, feeding());
  }
  // A save of `json` by one who read the session a moment ago.
  static void set_cart(Engine& with, const std::string& cookie, const char* json) {
    Session session = with.open(cookie);
    session.set("cart", json);
    ASSERT_NE(with.save(session, {}), Saved::ended);
  }
  static std::string cart(Engine& with, const std::string& cookie) {
    const Session session = with.open(cookie);
    const std::string* json = session.get("cart");
    return json ? *json : "absent";
  }
  void wait_for_the_feed() { clock.advance(test::test_settings().feed_interval); }
  std::int64_t changes() {
    return ask_number("SELECT count(*) FROM innkeeper_ended WHERE reason = 'changed'");
  }

  test::MemoryCache other_cache{clock};
  std::unique_ptr<Engine> here = open_engine(&cache, feeding());
  std::unique_ptr<Engine> there = open_elsewhere(&other_cache);
};

TEST_F(TwoCaches, ASaveReachesTheOtherWithinTheInterval) {
  const std::string cookie = cookie_of(new_session(*here));
  EXPECT_EQ(cart(*there, cookie), "1");
  EXPECT_TRUE(there->open_cached(cookie));
  set_cart(*here, cookie, "2");
  wait_for_the_feed();
  EXPECT_EQ(cart(*there, cookie), "2");
  set_cart(*there, cookie, "3");
  wait_for_the_feed();
  EXPECT_EQ(cart(*here, cookie), "3");
}

TEST_F(TwoCaches, WithoutTheSettingItDoesNot) {
  const auto quiet = open_engine();
  const std::string cookie = cookie_of(new_session(*quiet));
  EXPECT_EQ(cart(*there, cookie), "1");
  set_cart(*quiet, cookie, "2");
  wait_for_the_feed();
  EXPECT_EQ(cart(*there, cookie), "1") << "then the setting is of no use";
  EXPECT_EQ(changes(), 0);
}

TEST_F(TwoCaches, TheSaversOwnCacheKeepsItsNewCopy) {
  const std::string cookie = cookie_of(new_session(*here));
  set_cart(*here, cookie, "2");
  for (int i = 0; i < 3; ++i) {
    wait_for_the_feed();
    here->follow_feed();
    EXPECT_TRUE(here->open_cached(cookie));
  }
}

// A tombstone for good would have every session that is saved asked of the database from then on.
TEST_F(TwoCaches, TheOtherServesTheSessionAgainAfterItsNextUse) {
  const std::string cookie = cookie_of(new_session(*here));
  EXPECT_EQ(cart(*there, cookie), "1");
  clock.advance(Seconds(100));
  set_cart(*here, cookie, "2");
  wait_for_the_feed();
  Session session = there->open(cookie);
  EXPECT_FALSE(there->open_cached(cookie));
  EXPECT_TRUE(there->touch(session, {}));
  const auto again = there->open_cached(cookie);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again->get("cart"), "2");
}

// Who read the row before the other's save puts nothing old over what the feed told.
TEST_F(TwoCaches, ALateUseOrReadPutsBackNoOlderCopy) {
  const std::string cookie = cookie_of(new_session(*here));
  clock.advance(Seconds(100));
  Session late = there->open(cookie);
  set_cart(*here, cookie, "2");
  wait_for_the_feed();
  there->follow_feed();
  EXPECT_TRUE(there->touch(late, {}));
  EXPECT_EQ(cart(*there, cookie), "2");
}

TEST_F(TwoCaches, AnEndIsFinalWhateverWasSavedBefore) {
  const std::string cookie = cookie_of(new_session(*here));
  EXPECT_EQ(cart(*there, cookie), "1");
  set_cart(*here, cookie, "2");
  const Session ended = here->open(cookie);
  here->revoke(ended.snapshot()->id, {});
  wait_for_the_feed();
  EXPECT_FALSE(there->open(cookie).exists());
  EXPECT_FALSE(there->open_cached(cookie));
}

TEST_F(TwoCaches, ASaveByAProgramWithoutACacheIsToldToo) {
  const auto bare = open_engine(nullptr, feeding());
  const std::string cookie = cookie_of(new_session(*here));
  EXPECT_EQ(cart(*here, cookie), "1");
  set_cart(*bare, cookie, "2");
  wait_for_the_feed();
  EXPECT_EQ(cart(*here, cookie), "2");
}

TEST_F(TwoCaches, ACacheThatCannotCompareServesTheSessionAgainAfterTheSlowestRead) {
  test::MemoryCache plain{clock, {.compares = false}};
  const auto third = open_elsewhere(&plain);
  const std::string cookie = cookie_of(new_session(*here));
  EXPECT_EQ(cart(*third, cookie), "1");
  set_cart(*here, cookie, "2");
  wait_for_the_feed();
  EXPECT_EQ(cart(*third, cookie), "2");
  clock.advance(Seconds(12));
  EXPECT_EQ(cart(*third, cookie), "2");
  EXPECT_TRUE(third->open_cached(cookie));
}

TEST_F(TwoCaches, TheFeedKeepsNoMoreThanTheLastMinutesSavesOfASession) {
  const std::string cookie = cookie_of(new_session(*here));
  for (int minute = 0; minute < 10; ++minute) {
    for (int i = 0; i < 3; ++i) set_cart(*here, cookie, std::to_string(i + 2).c_str());
    clock.advance(Seconds(61));
  }
  EXPECT_EQ(changes(), 3);
  EXPECT_TRUE(here->history({}, std::nullopt, 10).records.empty()) << "for the feed alone";
}

TEST_F(TwoCaches, ASaveThatIsRefusedTellsNobody) {
  const std::string cookie = cookie_of(new_session(*here));
  Session late = here->open(cookie);
  here->revoke(late.snapshot()->id, {});
  late.set("cart", "2");
  EXPECT_EQ(here->save(late, {}), Saved::ended);
  EXPECT_EQ(changes(), 0);
}

// What a cache that lost its memory may still be handed: a fill by a read from before the loss.
TEST_F(Following, BelievesNothingFilledFromBeforeALossOfMemory) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  cache.forget_everything();
  clock.advance(Seconds(1));
  auto slow = open_engine();
  bool once = true;
  slow->set_fault_point([&](std::string_view place) {
    if (place != "load: the row is read, the cache not yet filled" || !std::exchange(once, false))
      return;
    Session session = book->open(cookie);
    session.set("cart", "2");
    book->save(session, {});
    cache.forget_everything();
  });
  EXPECT_EQ(*slow->open(cookie).get("cart"), "1");
  clock.advance(Seconds(1));
  EXPECT_EQ(*slow->open(cookie).get("cart"), "2");
  EXPECT_EQ(*book->open(cookie).get("cart"), "2");
}

TEST_F(Following, EmptiesACacheThatFollowedNothingForLong) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  EXPECT_EQ(feed_reads(), 1);
  clock.advance(Seconds(61));
  open_engine()->open(cookie);
  EXPECT_EQ(feed_reads(), 2);
}

TEST_F(Following, GoesToTheDatabaseWhileTheFeedCannotBeRead) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  EXPECT_TRUE(book->open(cookie).exists());
  sql("ALTER TABLE innkeeper_ended RENAME TO elsewhere");
  clock.advance(Seconds(1));
  EXPECT_TRUE(book->open(cookie).exists()) << "from the database";
  EXPECT_FALSE(book->open_cached(cookie)) << "nothing from a cache that cannot be checked";
}

TEST_F(Following, DoesNotMoveOnWhereABurialFailed) {
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->open(cookie_of(session));
  EXPECT_TRUE(book->open(cookie_of(session)).exists());
  sql("DELETE FROM innkeeper_session");
  clock.advance(Seconds(1));
  cache.fail_after(1);  // the marker is read, the burial fails
  book->open(cookie_of(session));
  cache.set_down(false);
  EXPECT_FALSE(book->open(cookie_of(session)).exists());
}

// Whoever dies between the epoch's witness and the first marker leaves a witness alone.
TEST_F(Following, BeginsAgainWhereAProcessDiedBeginning) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  cache.remove("innkeeper:feed");
  clock.advance(Seconds(1));
  book->open(cookie);
  EXPECT_FALSE(book->open_cached(cookie)) << "somebody may just be beginning";
  clock.advance(Seconds(61));
  book->open(cookie);
  EXPECT_TRUE(book->open_cached(cookie));
}

// The naive way orders markers by the clock: nobody moves the old one on for as long as it was set
// back.
TEST_F(Following, GoesOnWhereTheClockIsSetBack) {
  const auto one = open_engine();
  const auto two = open_engine();
  std::vector<Session> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(new_session(*one));
  for (const Session& session : sessions) two->open(cookie_of(session));
  clock.advance(std::chrono::hours(-1));
  sql("DELETE FROM innkeeper_session");
  count_marker_writes();
  for (const Session& session : sessions) {
    EXPECT_FALSE(one->open(cookie_of(session)).exists());
    EXPECT_FALSE(two->open(cookie_of(session)).exists());
  }
  EXPECT_EQ(writes_of_the_marker, 1) << "the other believes it";
  EXPECT_EQ(feed_reads(), 1) << "nothing was lost";
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(burials([&] { two->follow_feed(); }), 0) << "read from the old place again";
}

TEST_F(Following, BeginsAgainWhereAProcessDiedBeginningBeforeTheClockWasSetBack) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  cache.remove("innkeeper:feed");
  clock.advance(std::chrono::hours(-1));
  book->open(cookie);
  EXPECT_TRUE(book->open_cached(cookie));
}

// Two machines of which one is minutes behind: each finds the other's marker moved on.
TEST_F(Following, BearsAClockThatIsBehindAnothers) {
  const auto ahead = open_engine();
  ManualClock late{clock.now() - std::chrono::minutes(10)};
  Engine behind(test::test_settings(), *database, &cache, late, random, log);
  const std::string cookie = cookie_of(new_session(*ahead));
  for (int i = 0; i < 5; ++i) {
    ahead->open(cookie);
    behind.open(cookie);
    EXPECT_TRUE(ahead->open_cached(cookie));
    EXPECT_TRUE(behind.open_cached(cookie));
    clock.advance(Seconds(1));
    late.advance(Seconds(1));
  }
  EXPECT_EQ(feed_reads(), 1);
}

TEST_F(Following, EmptiesACacheThatWasPutBackToAnEarlierState) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  book->open(cookie);
  const auto before = *cache.get("innkeeper:feed");
  clock.advance(std::chrono::milliseconds(500));
  book->follow_feed();
  cache.set("innkeeper:feed", before, Seconds(100000));
  clock.advance(std::chrono::milliseconds(500));
  book->follow_feed();
  EXPECT_EQ(feed_reads(), 2);
}

// The ids of innkeeper_ended begin anew under a running process, as by TRUNCATE, `manage.py flush`
// or a file that was made again.
class IdsThatBeginAnew : public Following {
 protected:
  void begin_ids_anew() {
    sql("DELETE FROM innkeeper_ended");
    sql("DELETE FROM sqlite_sequence WHERE name = 'innkeeper_ended'");
  }
  void end_by_sql(const Session& ended) {
    sql("DELETE FROM innkeeper_session WHERE session_key = ?", {ended.snapshot()->id.text()});
  }
  void end_others(int count) {
    for (int i = 0; i < count; ++i) end_by_sql(new_session(*book));
  }
  void follow() {
    clock.advance(std::chrono::milliseconds(500));
    book->follow_feed();
  }

  std::unique_ptr<Engine> book = open_engine();
  const Session session = new_session(*book);
  const std::string cookie = cookie_of(session);
};

TEST_F(IdsThatBeginAnew, LetNoEndGoUnheard) {
  end_others(5);
  follow();
  begin_ids_anew();
  EXPECT_TRUE(book->open(cookie).exists());
  end_by_sql(session);
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(IdsThatBeginAnew, AreNoticedAlsoWhereTheyGrewPastTheOld) {
  end_others(3);
  follow();
  EXPECT_TRUE(book->open(cookie).exists());
  begin_ids_anew();
  end_by_sql(session);
  end_others(5);
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_FALSE(book->open(cookie).exists());
}

TEST_F(IdsThatBeginAnew, EmptyTheCacheOnce) {
  end_others(5);
  follow();
  const int before = feed_reads();
  begin_ids_anew();
  for (int i = 0; i < 5; ++i) {
    end_others(i % 2);
    follow();
  }
  EXPECT_EQ(feed_reads(), before + 1);
}

// The naive purge leaves an empty table, which looks as if the ids began anew.
TEST_F(IdsThatBeginAnew, AreNotSeenInAPurge) {
  end_others(5);
  clock.advance(book->settings().history_age + std::chrono::hours(1));
  follow();
  const int before = feed_reads();
  book->clear_expired({});
  follow();
  end_others(1);
  follow();
  EXPECT_EQ(feed_reads(), before);
}

// With SESSION_FEED_SAVES a save removes the session's older rows, the one that was read last among
// them.
TEST_F(TwoCaches, ARowThatASaveReplacesEmptiesNoCache) {
  const std::string cookie = cookie_of(new_session(*here));
  set_cart(*here, cookie, "2");
  wait_for_the_feed();
  there->follow_feed();
  const int before = feed_reads();
  for (int minute = 0; minute < 3; ++minute) {
    for (int i = 0; i < 122; ++i) {
      wait_for_the_feed();
      here->follow_feed();
      there->follow_feed();
    }
    set_cart(*here, cookie, std::to_string(minute + 3).c_str());
    wait_for_the_feed();
    EXPECT_EQ(cart(*there, cookie), std::to_string(minute + 3));
  }
  EXPECT_EQ(feed_reads(), before);
}

TEST_F(Following, IsNotHeldUpByAForgedMarker) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  cache.set("innkeeper:feed", std::string(100, '\xff'), Seconds(100000));
  book->open(cookie);
  EXPECT_TRUE(book->open_cached(cookie)) << "the marker was written anew";
}

}  // namespace
}  // namespace innkeeper::engine
