// The rules of docs/architecture.md under random interleavings of everything that can happen to a
// session.
//
// Actors load, save, touch and revoke one session through two engines on one cache, an operator
// deletes its row by SQL, the cache loses its memory or is down for a while, and time passes. A
// seed decides who moves at every call to a port. What must hold, whatever the order:
//
//   ended is ended    a look that begins more than a second after the row went (at once where an
//   engine ended it, no
//                     cache failed and nothing was lost) does not find the session
//   nothing is lost   every change whose save said "updated" or "merged" is in the row, if the
//   session was not ended nothing is stale  a look that begins more than a second after a save sees
//   its change (at once, as above)
//
// Where the cache also drops entries at random, what a tombstone would have kept out may come back
// until the feed looks a second time: two seconds, and of saves where the feed tells of them.

#include "tests/support/engine_fixture.h"
#include "tests/support/stepped_database.h"

namespace innkeeper::engine {
namespace {

using std::chrono::milliseconds;

// What has happened to the one session, kept by the actors as they go; only one moves at a time.
struct Model {
  std::optional<Time> ended_at;       // when the row went
  bool ended_by_engine = false;       // through this cache, and the cache was told
  std::map<std::string, Time> saved;  // member → when its save returned
  int disturbances = 0;               // losses of memory, evictions and times of being down
  milliseconds bound{1000};
};

class Rules : public test::EngineFixture, public ::testing::WithParamInterface<bool> {
 protected:
  std::string at(std::uint64_t seed) const { return "seed " + std::to_string(seed); }

  void look(Engine& book, const std::string& cookie, const Model& model, std::uint64_t seed) {
    const Model before = model;
    const Time began = clock.now();
    Session session;
    try {
      session = book.open(cookie);
    } catch (const StoreError& error) {
      ADD_FAILURE() << at(seed) << ": " << error.what();
      return;
    }
    const bool undisturbed = before.disturbances == 0 && model.disturbances == 0 && GetParam();
    if (before.ended_at) {
      const bool must_be_gone =
          began - *before.ended_at > model.bound || (before.ended_by_engine && undisturbed);
      EXPECT_FALSE(must_be_gone && session.exists()) << at(seed) << ": back from the dead";
    }
    if (!session.exists()) return;
    for (const auto& [member, when] : before.saved) {
      const bool must_be_seen = began - when > model.bound || undisturbed;
      EXPECT_TRUE(!must_be_seen || session.get(member) != nullptr)
          << at(seed) << ": stale, " << member << " is missing";
    }
  }

  void change(Engine& book, const std::string& cookie, const std::string& member, Model& model) {
    Session session = book.open(cookie);
    if (!session.exists()) return;
    test::Stepper::step();
    session.set(member, "1");
    const Saved saved = book.save(session, {});
    if (saved == Saved::updated || saved == Saved::merged) model.saved[member] = clock.now();
  }

  void run(std::uint64_t seed);
};

void Rules::run(std::uint64_t seed) {
  test::MemoryCache shared(clock, {.compares = GetParam()});
  test::SteppedDatabase stepped(*database);
  std::mt19937_64 draw(seed * 7919);
  const bool by_sql = draw() % 3 == 0;
  const bool with_loss = draw() % 3 == 0;
  const bool with_outage = draw() % 3 == 0;
  const bool with_ending = draw() % 4 != 0;
  const bool with_eviction = draw() % 3 == 0;
  auto settings = test::test_settings();
  settings.feed_saves = with_eviction;
  const auto open = [&] {
    return std::make_unique<Engine>(settings, stepped, &shared, clock, random, log);
  };
  const auto one = open();
  const auto two = open();
  const Session session = new_session(*one);
  const std::string cookie = cookie_of(session);
  const SessionId id = session.snapshot()->id;
  Model model;
  if (with_eviction) model.bound = milliseconds(2000);
  shared.before_call = [this](test::MemoryCache::Operation, std::string_view) {
    clock.advance(Duration(1));
    test::Stepper::step();
  };

  std::vector<test::Stepper::Actor> actors;
  for (Engine* book : {one.get(), two.get()}) {
    actors.push_back([&, book] {
      for (int i = 0; i < 6; ++i) look(*book, cookie, model, seed);
    });
    actors.push_back([&, book] {
      for (int i = 0; i < 2; ++i)
        change(*book, cookie, (book == one.get() ? "one" : "two") + std::to_string(i), model);
    });
    actors.push_back([&, book] {
      Session touched = book->open(cookie);
      book->touch(touched, test::firefox_at("198.51.100.9"));
    });
  }
  actors.push_back([&] {  // time
    for (int i = 0; i < 12; ++i) {
      test::Stepper::step();
      clock.advance(milliseconds(i % 4 == 3 ? 61000 : 170));
    }
  });
  if (with_ending) {
    actors.push_back([&] {
      for (int i = 0; i < 25; ++i) test::Stepper::step();
      if (by_sql) {
        const auto connection = stepped.connect(store::Access::write);
        connection->execute("DELETE FROM innkeeper_session WHERE session_key = ?",
                            std::vector<store::Value>{id.text()});
        model.ended_at = clock.now();
      } else if (one->revoke(id, {})) {
        model.ended_at = clock.now();
        model.ended_by_engine = true;
      }
    });
  }
  if (with_loss) {
    actors.push_back([&] {
      for (int i = 0; i < 20; ++i) test::Stepper::step();
      ++model.disturbances;
      shared.forget_everything();
    });
  }
  if (with_eviction) {
    actors.push_back([&] {
      for (int i = 0; i < 30; ++i) {
        for (int steps = 0; steps < 3; ++steps) test::Stepper::step();
        ++model.disturbances;
        shared.evict(id.text());
      }
    });
  }
  if (with_outage) {
    actors.push_back([&] {
      for (int i = 0; i < 15; ++i) test::Stepper::step();
      ++model.disturbances;
      shared.set_down(true);
      for (int i = 0; i < 20; ++i) test::Stepper::step();
      shared.set_down(false);
    });
  }
  test::Stepper().run(seed, std::move(actors));

  shared.before_call = nullptr;
  clock.advance(model.bound + milliseconds(1));
  for (Engine* book : {one.get(), two.get()}) look(*book, cookie, model, seed);
  if (!model.ended_at) {
    const auto left = one->peek(id);
    ASSERT_TRUE(left) << at(seed);
    for (const auto& [member, when] : model.saved)
      EXPECT_NE(left->get(member), nullptr) << at(seed) << ": lost " << member;
  } else {
    EXPECT_FALSE(one->peek(id)) << at(seed) << ": the row is back";
  }
  sql("DELETE FROM innkeeper_session");
}

TEST_P(Rules, HoldUnderRandomInterleavings) {
  // INNKEEPER_SEED=17 repeats one; INNKEEPER_SEEDS=5000 looks further than ./test does.
  const auto number = [](const char* name, std::uint64_t otherwise) -> std::uint64_t {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
  };
  const std::uint64_t first = number("INNKEEPER_SEED", 1);
  const std::uint64_t last = std::max(first, number("INNKEEPER_SEEDS", first == 1 ? 250 : 0));
  for (std::uint64_t seed = first; seed <= last && !HasFailure(); ++seed) run(seed);
}

INSTANTIATE_TEST_SUITE_P(OnACache, Rules, ::testing::Bool(), [](const auto& kind) {
  return kind.param ? "ThatCompares" : "ThatCannotCompare";
});

}  // namespace
}  // namespace innkeeper::engine
