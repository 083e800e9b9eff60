// A cache may drop a tombstone at any time. Whoever stood still with what it read before puts no
// copy that stays.
#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

constexpr const char* row_read = "load: the row is read, the cache not yet filled";
constexpr const char* row_saved = "save: the row is written, the cache not yet";
constexpr const char* row_touched = "touch: the row is written, the cache not yet";

class LateCopies : public test::EngineFixture, public ::testing::WithParamInterface<bool> {
 protected:
  LateCopies() {
    // A slot that is empty, in an epoch that is known.
    shared.evict(id);
  }

  // What comes between, once, while the slow one stands at `place`; then the cache is short of
  // room.
  void meanwhile(const char* place, Duration time, std::function<void()> what) {
    slow->set_fault_point([=, this](std::string_view where) mutable {
      if (where != place || !what) return;
      std::exchange(what, nullptr)();
      pass(time);  // the feed has buried it by then
      shared.evict(id);
    });
  }
  // Time passes, and somebody follows the feed as under load.
  void pass(Duration time) {
    for (; time > Duration(0); time -= std::chrono::milliseconds(250)) {
      clock.advance(std::min<Duration>(time, std::chrono::milliseconds(250)));
      quick->follow_feed();
    }
  }
  void end() { quick->revoke(*SessionId::parse(id), {}); }
  void end_by_sql() { sql("DELETE FROM innkeeper_session"); }
  bool is_served() { return quick->open_cached(cookie).has_value(); }

  static constexpr std::chrono::milliseconds moment{250};
  static constexpr Seconds long_time{5};  // below longest_fill
  test::MemoryCache shared{clock, {.compares = GetParam()}};
  std::unique_ptr<Engine> quick = open_engine(&shared);
  std::unique_ptr<Engine> slow = open_engine(&shared);
  const Session session = new_session(*quick);
  const std::string cookie = cookie_of(session);
  const std::string id = session.snapshot()->id.text();
};

TEST_P(LateCopies, OfAReaderAreTakenBackWhereTheSessionEnded) {
  meanwhile(row_read, long_time, [this] { end(); });
  slow->open(cookie);
  EXPECT_FALSE(is_served());
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAReaderAreTakenBackWhereTheRowWasRemovedBySql) {
  meanwhile(row_read, long_time, [this] { end_by_sql(); });
  slow->open(cookie);
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAReaderAreTakenBackWhereAnotherSaved) {
  meanwhile(row_read, long_time, [this] {
    Session saved = quick->open(cookie);
    saved.set("cart", "2");
    quick->save(saved, {});
  });
  slow->open(cookie);
  EXPECT_EQ(*quick->open(cookie).get("cart"), "2");
}

TEST_P(LateCopies, OfAReaderAreTakenBackWhereTheLifeWasShortened) {
  meanwhile(row_read, long_time, [this] {
    sql("UPDATE innkeeper_session SET expire_date = ?", {clock.now() + Seconds(1)});
  });
  slow->open(cookie);
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAReaderAreTakenBackWhereTheRowCannotBeLookedAt) {
  meanwhile(row_read, long_time,
            [this] { sql("ALTER TABLE innkeeper_session RENAME TO elsewhere"); });
  EXPECT_TRUE(slow->open(cookie).exists());
  EXPECT_FALSE(is_served());
}

TEST_P(LateCopies, OfAReaderStayWhereNothingHappened) {
  meanwhile(row_read, long_time, [] {});
  slow->open(cookie);
  EXPECT_TRUE(is_served());
}

TEST_P(LateCopies, OfASaverAreTakenBackWhereTheSessionEnded) {
  meanwhile(row_saved, long_time, [this] { end(); });
  Session saved = slow->open(cookie);
  saved.set("cart", "2");
  slow->save(saved, {});
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAToucherAreTakenBackWhereTheSessionEnded) {
  clock.advance(Seconds(59));
  quick->follow_feed();
  clock.advance(Seconds(59));
  quick->follow_feed();
  meanwhile(row_touched, long_time, [this] { end(); });
  Session used = slow->open(cookie);
  EXPECT_TRUE(slow->touch(used, {}));
  EXPECT_FALSE(quick->open(cookie).exists());
}

// A quick one asks the database nothing more: the feed finds its copy.
TEST_P(LateCopies, OfAQuickReaderAreFoundByTheFeedsSecondLook) {
  meanwhile(row_read, moment, [this] { end(); });
  slow->open(cookie);
  pass(Seconds(2));
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAQuickReaderAreFoundWhereTheRowWasRemovedBySql) {
  meanwhile(row_read, moment, [this] { end_by_sql(); });
  slow->open(cookie);
  pass(Seconds(2));
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAKeyThatWasRotatedAreFound) {
  meanwhile(row_read, moment, [this] {
    Session rotated = quick->open(cookie);
    EXPECT_EQ(quick->rotate_key(rotated, {}), Saved::updated);
  });
  slow->open(cookie);
  pass(Seconds(2));
  EXPECT_FALSE(quick->open(cookie).exists());
}

TEST_P(LateCopies, OfAnOlderSaveAreFoundWhereTheFeedTellsOfSaves) {
  auto settings = test::test_settings();
  settings.feed_saves = true;
  const auto saver = open_engine(&shared, settings);
  meanwhile(row_read, moment, [&] {
    Session saved = saver->open(cookie);
    saved.set("cart", "2");
    saver->save(saved, {});
  });
  slow->open(cookie);
  pass(Seconds(2));
  EXPECT_EQ(*quick->open(cookie).get("cart"), "2");
}

TEST_P(LateCopies, CostNoStatementWhereTheyAreQuick) {
  int looks = 0;
  slow->set_fault_point(
      [&](std::string_view where) { looks += where.starts_with("late:") ? 1 : 0; });
  Session saved = slow->open(cookie);
  saved.set("cart", "2");
  slow->save(saved, {});
  EXPECT_EQ(looks, 0);
}

TEST_P(LateCopies, TheSecondLookLeavesNothingWhereNothingCameBack) {
  end();
  quick->follow_feed();
  shared.evict(id);
  pass(Seconds(3));
  EXPECT_EQ(shared.dump().find(':' + id), std::string::npos);
}

// A million sessions that end at once must not hold up each follow.
TEST_P(LateCopies, TheSecondLookGoesThroughAMassEndByAndBy) {
  std::vector<std::string> cookies{cookie};
  for (int i = 0; i < 1500; ++i) cookies.push_back(cookie_of(new_session(*quick)));
  for (const std::string& one : cookies) quick->open(one);
  end_by_sql();
  clock.advance(std::chrono::milliseconds(500));
  quick->follow_feed();
  clock.advance(Seconds(2));
  int calls = 0;
  shared.before_call = [&](auto, std::string_view) {
    ++calls;
    clock.advance(std::chrono::milliseconds(1));
  };
  int follows = 0;
  do {
    clock.advance(std::chrono::milliseconds(500));
    calls = 0;
    quick->follow_feed();
    EXPECT_LT(calls, 300);
    ++follows;
  } while (calls > 10 && follows < 100);
  EXPECT_GE(follows, 5);
  EXPECT_LT(follows, 10);
}

INSTANTIATE_TEST_SUITE_P(InACache, LateCopies, ::testing::Bool(), [](const auto& kind) {
  return kind.param ? "ThatCompares" : "ThatCannotCompare";
});

}  // namespace
}  // namespace innkeeper::engine
