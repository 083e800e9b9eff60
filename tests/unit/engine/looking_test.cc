#include <set>

#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class Looking : public test::EngineFixture {};

TEST_F(Looking, PagesThroughEverySessionOnceForwardsAndBack) {
  const auto book = open_engine(nullptr);
  for (int i = 0; i < 25; ++i) {
    new_session(*book);
    if (i % 3 == 0) clock.advance(Seconds(1));
  }
  std::vector<std::string> seen;
  store::SessionPlace page{.size = 10};
  for (;;) {
    const auto part = book->list({}, page);
    for (const auto& summary : part.sessions) seen.push_back(summary.id.text());
    if (!part.next) break;
    page.cursor = part.next;
  }
  EXPECT_EQ(seen.size(), 25u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 25u);
  const auto last = book->list({}, page);
  const auto before = book->list({}, {.size = 10, .cursor = last.previous, .backwards = true});
  ASSERT_EQ(before.sessions.size(), 10u);
  EXPECT_EQ(before.sessions.front().id.text(), seen[10]);
}

TEST_F(Looking, CountsTheTimeoutsAsExpiry) {
  auto settings = test::test_settings();
  settings.expiry.idle_timeout = Seconds(100);
  const auto book = open_engine(nullptr, settings);
  new_session(*book);
  clock.advance(Seconds(101));
  new_session(*book);
  store::SessionFilter active, expired;
  active.validity = store::SessionFilter::Validity::active;
  expired.validity = store::SessionFilter::Validity::expired;
  EXPECT_EQ(book->list(active, {}).sessions.size(), 1u);
  const auto over = book->list(expired, {}).sessions;
  ASSERT_EQ(over.size(), 1u);
  EXPECT_FALSE(book->is_active(over[0]));
  EXPECT_EQ(book->count(expired, 10), 1);
}

TEST_F(Looking, CountsNoFurtherThanTheLimit) {
  const auto book = open_engine(nullptr);
  for (int i = 0; i < 5; ++i) new_session(*book);
  store::SessionFilter active, signed_in;
  active.validity = signed_in.validity = store::SessionFilter::Validity::active;
  signed_in.owner = store::SessionFilter::Owner::signed_in;
  EXPECT_EQ(book->count(active, 3), 3);
  EXPECT_EQ(book->count(active, 9), 5);
  EXPECT_EQ(book->count(signed_in, 3), 0);
}

TEST_F(Looking, TheBoundsOfTheActiveAreTheDateAndTheTimeoutsThatAreSet) {
  auto settings = test::test_settings();
  const auto without = open_engine(nullptr, settings)->active_bounds();
  ASSERT_EQ(without.size(), 1U);
  EXPECT_EQ(without[0].column, "expire_date");
  EXPECT_EQ(without[0].moment, clock.now());
  settings.expiry.idle_timeout = Seconds(100);
  settings.expiry.absolute_timeout = Seconds(1000);
  const auto with = open_engine(nullptr, settings)->active_bounds();
  ASSERT_EQ(with.size(), 3U);
  EXPECT_EQ(with[1].column, "last_activity");
  EXPECT_EQ(with[1].moment, clock.now() - Seconds(100));
  EXPECT_EQ(with[2].column, "created_at");
  EXPECT_EQ(with[2].moment, clock.now() - Seconds(1000));
}

}  // namespace
}  // namespace innkeeper::engine
