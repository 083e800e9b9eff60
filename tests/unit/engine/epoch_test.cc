// Of several processes that begin a cache's epoch at once, one does, whoever stands still where.
#include "tests/support/engine_fixture.h"
#include "tests/support/stepper.h"

namespace innkeeper::engine {
namespace {

using std::chrono::milliseconds;

// Two processes on one cache. What one does between two calls of the other's to the cache is put
// there by a hook; each has its own way to the database, since the calls nest.
class TwoProcesses : public test::EngineFixture {
 protected:
  struct World {
    World(TwoProcesses& test, bool compares)
        : shared(test.clock, {.compares = compares}),
          one(test.open_engine(&shared)),
          two(test.open_two(shared, test.clock)),
          cookie(cookie_of(test.new_session(*one))) {
      read(*one);
      read(*two);
    }
    std::string read(Engine& with) const { return *with.open(cookie).get("cart"); }
    void save(Engine& with, const std::string& json) const {
      Session session = with.open(cookie);
      session.set("cart", json);
      ASSERT_NE(with.save(session, {}), Saved::ended);
    }

    test::MemoryCache shared;
    std::unique_ptr<Engine> one, two;
    std::string cookie;
  };

  std::unique_ptr<Engine> open_two(test::MemoryCache& with, const Clock& by) {
    return std::make_unique<Engine>(test::test_settings(), *other_database, &with, by, random, log);
  }

  // Runs `meanwhile` in the place of `call`, counted from 0, of those that `doing` makes to the
  // cache; false where it makes fewer.
  bool interrupt(test::MemoryCache& shared, int call, const std::function<void()>& doing,
                 const std::function<void()>& meanwhile) {
    int left = call;
    bool came = false;
    shared.before_call = [&](test::MemoryCache::Operation, std::string_view) {
      clock.advance(Duration(1));  // an epoch is named by its first moment
      if (came || left-- > 0) return;
      came = true;
      meanwhile();
    };
    doing();
    shared.before_call = nullptr;
    return came;
  }

  // Nothing was lost: what one of them saves, the other sees at once.
  static void expect_no_stale_copy(const World& world, const std::string& where) {
    for (int i = 0; i < 2; ++i) world.read(*world.two);
    world.save(*world.one, "2");
    EXPECT_EQ(world.read(*world.two), "2") << where;
    world.save(*world.two, "3");
    EXPECT_EQ(world.read(*world.one), "3") << where;
  }

  // With one held up at each of its calls, while `meanwhile` is done and the other follows.
  void hold_up_at_each_call(bool compares, Duration age, const std::function<void()>& meanwhile) {
    bool came = true;
    for (int call = 0; came; ++call) {
      World world(*this, compares);
      clock.advance(age);
      came = interrupt(
          world.shared, call, [&] { world.read(*world.one); },
          [&] {
            meanwhile();
            for (int i = 0; i < 2; ++i) world.read(*world.two);
          });
      expect_no_stale_copy(world, "held up at call " + std::to_string(call));
      ASSERT_LT(call, 50);
    }
  }

  ManualClock later;
  std::unique_ptr<store::Database> other_database =
      store::sqlite::open({.file = folder / "book.sqlite3", .create = false});
};

// The naive way, to remove the witness of the epoch that is over and to add the next, removes the
// one that the other has just added.
TEST_F(TwoProcesses, ThatBeginAnEpochAtOnceAgreeOnOne) {
  for (const bool compares : {true, false}) hold_up_at_each_call(compares, Seconds(61), [] {});
}

// The same with both held up, in an order that a seed draws, and a clock each: the marker is just
// young enough for the one, and too old for the other.
TEST_F(TwoProcesses, AgreeOnAnEpochWhateverTheOrder) {
  for (const bool compares : {true, false}) {
    for (std::uint64_t seed = 1; seed <= 300 && !HasFailure(); ++seed) {
      World world(*this, compares);
      clock.advance(Seconds(60) - milliseconds(1));
      later.advance(clock.now() + milliseconds(50) - later.now());
      world.two = open_two(world.shared, later);
      world.shared.before_call = [](auto, std::string_view) { test::Stepper::step(); };
      const auto reads = [&world](Engine& with) {
        return [&] {
          for (int i = 0; i < 2; ++i) world.read(with);
        };
      };
      test::Stepper().run(seed, {reads(*world.one), reads(*world.two)});
      world.shared.before_call = nullptr;
      expect_no_stale_copy(world, "seed " + std::to_string(seed));
    }
  }
}

// A later save told the epoch before. The naive way puts the older copy into the next one.
TEST_F(TwoProcesses, ASaveThatMeetsTheNextEpochPutsNoOlderCopyThere) {
  for (const bool compares : {true, false}) {
    World world(*this, compares);
    bool once = true;
    world.one->set_fault_point([&](std::string_view place) {
      if (place != "save: the row is written, the cache not yet" || !std::exchange(once, false))
        return;
      world.save(*world.two, "3");
      clock.advance(Duration(1));
      world.shared.forget_everything();
      open_two(world.shared, clock)->follow_feed();
    });
    world.save(*world.one, "2");
    const auto third = open_two(world.shared, clock);
    EXPECT_EQ(world.read(*third), "3");
    EXPECT_EQ(world.read(*third), "3");
  }
}

// Who stood still for longer than a claim lives finds that another has gone on.
TEST_F(TwoProcesses, AgreeAlsoWhereOneStoodStillForLong) {
  hold_up_at_each_call(true, Seconds(61), [this] { clock.advance(Seconds(15)); });
}

// A process that dies with a claim holds the others up for as long as a claim lives.
TEST_F(TwoProcesses, GoOnWhereOneDiedWithItsClaim) {
  for (const bool compares : {true, false}) {
    World world(*this, compares);
    clock.advance(Seconds(61));
    bool claimed = false;
    world.shared.before_call = [&](test::MemoryCache::Operation operation, std::string_view key) {
      if (claimed) world.shared.set_down(true);
      claimed = claimed || (operation == test::MemoryCache::Operation::add &&
                            key.find(":epoch-after:") != std::string_view::npos);
    };
    world.read(*world.one);
    world.shared.before_call = nullptr;
    ASSERT_TRUE(claimed);
    world.shared.set_down(false);
    world.read(*world.two);
    EXPECT_FALSE(world.two->open_cached(world.cookie)) << "it may be at it still";
    clock.advance(Seconds(11));
    world.read(*world.two);
    EXPECT_TRUE(world.two->open_cached(world.cookie));
    expect_no_stale_copy(world, "");
  }
}

// Wherever it dies.
TEST_F(TwoProcesses, GoOnWhereOneDiedInTheMiddle) {
  for (const bool compares : {true, false}) {
    for (int calls = 1; calls < 12; ++calls) {
      World world(*this, compares);
      clock.advance(Seconds(61));
      world.shared.fail_after(calls);
      world.read(*world.one);
      world.shared.set_down(false);
      clock.advance(Seconds(61));
      world.read(*world.two);
      EXPECT_TRUE(world.two->open_cached(world.cookie)) << calls;
      expect_no_stale_copy(world, "died after call " + std::to_string(calls));
    }
  }
}

}  // namespace
}  // namespace innkeeper::engine
