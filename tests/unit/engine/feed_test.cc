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

TEST_F(Following, IsNotHeldUpByAForgedMarker) {
  const auto book = open_engine();
  const std::string cookie = cookie_of(new_session(*book));
  cache.set("innkeeper:feed", std::string(100, '\xff'), Seconds(100000));
  book->open(cookie);
  EXPECT_TRUE(book->open_cached(cookie)) << "the marker was written anew";
}

}  // namespace
}  // namespace innkeeper::engine
