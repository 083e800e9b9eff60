#include <gtest/gtest.h>

#include "engine/feed.h"

namespace innkeeper::engine {
namespace {

const SessionId some_id = *SessionId::parse("0123456789abcdef0123456789abcdef01234567");
const Time now{std::chrono::sys_days(std::chrono::year(2030) / 1 / 2)};

std::vector<store::FeedRow> rows(std::initializer_list<std::int64_t> ids) {
  std::vector<store::FeedRow> made;
  for (const std::int64_t id : ids) made.push_back({.id = id, .session_key = some_id});
  return made;
}

std::vector<store::FeedRange> gaps_of(const FeedPlace& place) {
  std::vector<store::FeedRange> ranges;
  for (const FeedSpan& gap : place.gaps) ranges.push_back(gap.ids);
  return ranges;
}

using Ranges = std::vector<store::FeedRange>;

TEST(FeedPlace, MovesOnWithTheIdsItSees) {
  FeedPlace place{.after = 4};
  place.note(rows({5, 6, 7}), now);
  EXPECT_EQ(place.after, 7);
  EXPECT_TRUE(place.gaps.empty());
}

// The naive way remembers only the highest id, and skips what commits late.
TEST(FeedPlace, WatchesIdsThatAreMissing) {
  FeedPlace place{.after = 4};
  place.note(rows({5, 8, 12}), now);
  EXPECT_EQ(place.after, 12);
  EXPECT_EQ(gaps_of(place), (Ranges{{6, 7}, {9, 11}}));
}

TEST(FeedPlace, KnowsWhoseEndItSawLast) {
  FeedPlace place{.after = 4};
  place.note(rows({3}), now);
  EXPECT_FALSE(place.last) << "a row that was late";
  place.note(rows({6}), now);
  EXPECT_EQ(place.last, some_id);
}

TEST(FeedPlace, ClosesAGapFromItsEndsAndItsMiddle) {
  FeedPlace place{.after = 4};
  place.note(rows({10}), now);
  place.note(rows({7}), now);
  EXPECT_EQ(gaps_of(place), (Ranges{{5, 6}, {8, 9}}));
  place.note(rows({5, 9}), now);
  EXPECT_EQ(gaps_of(place), (Ranges{{6, 6}, {8, 8}}));
  place.note(rows({6, 8}), now);
  EXPECT_TRUE(place.gaps.empty());
  EXPECT_EQ(place.after, 10);
}

TEST(FeedPlace, ForgetsAGapThatNoTransactionCanFill) {
  FeedPlace place{.after = 4};
  place.note(rows({7}), now);
  place.note(rows({9}), now + Seconds(10));
  place.forget_gaps(now + Seconds(5));
  EXPECT_EQ(gaps_of(place), (Ranges{{8, 8}}));
}

TEST(FeedPlace, JoinsTheNearestGapsAndLosesNone) {
  FeedPlace place;
  for (std::int64_t id = 2; id <= 200; id += 2) place.note(rows({id}), now);
  place.forget_gaps(now);
  EXPECT_LE(place.gaps.size(), 32u);
  for (std::int64_t missing = 1; missing < 200; missing += 2) {
    const auto covers = [missing](const FeedSpan& gap) {
      return gap.ids.first <= missing && missing <= gap.ids.last;
    };
    EXPECT_TRUE(std::any_of(place.gaps.begin(), place.gaps.end(), covers)) << missing;
  }
}

TEST(FeedPlace, LooksOnceMoreAtWhatItTold) {
  FeedPlace place{.after = 4};
  place.note(rows({5, 6, 9}), now);
  place.note(rows({10}), now + Seconds(1));
  EXPECT_EQ(place.due(now + std::chrono::milliseconds(500), Seconds(1)), Ranges{});
  EXPECT_EQ(place.due(now + Seconds(1), Seconds(1)), (Ranges{{5, 9}}));
  place.looked_again(now + Seconds(1), Seconds(1), 6);
  EXPECT_EQ(place.due(now + Seconds(1), Seconds(1)), (Ranges{{7, 9}}));
  place.looked_again(now + Seconds(1), Seconds(1), 10);
  EXPECT_EQ(place.due(now + Seconds(1), Seconds(1)), Ranges{});
  EXPECT_EQ(place.due(now + Seconds(2), Seconds(1)), (Ranges{{10, 10}}));
  EXPECT_EQ(place.due(now - Seconds(9), Seconds(1)), (Ranges{{10, 10}}))
      << "the clock was set back";
}

// Whoever adopts the time of its neighbours would look too early.
TEST(FeedPlace, LooksOnceMoreAtWhatCameLateFromThenOn) {
  FeedPlace place{.after = 4};
  place.note(rows({5, 9, 12}), now);
  place.note(rows({7}), now + Seconds(1));
  EXPECT_EQ(place.due(now + Seconds(1), Seconds(1)), Ranges{});
  EXPECT_EQ(place.due(now + Seconds(2), Seconds(1)), (Ranges{{5, 12}}));
  place.looked_again(now + Seconds(2), Seconds(1), 12);
  place.note(rows({10}), now + Seconds(3));
  EXPECT_EQ(place.due(now + Seconds(4), Seconds(1)), (Ranges{{10, 10}}));
}

TEST(FeedPlace, LooksNeverAgainAtWhatNoCacheWasTold) {
  FeedPlace place;
  auto expired = rows({1, 2, 3});
  for (auto& row : expired) row.reason = store::Reason::expired;
  place.note(expired, now);
  EXPECT_EQ(place.due(now + Seconds(9), Seconds(1)), Ranges{});
}

TEST(FeedPlace, ComesBackAsItWasPacked) {
  FeedPlace place{.epoch = 77,
                  .round = 5,
                  .followed_at = now,
                  .after = 12,
                  .last = some_id,
                  .gaps = {{{6, 7}, now}, {{9, 11}, now + Seconds(1)}},
                  .again = {{{3, 12}, now}}};
  const std::string bytes = pack_place(place);
  const auto again = unpack_place(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->epoch, place.epoch);
  EXPECT_EQ(again->round, place.round);
  EXPECT_EQ(again->followed_at, place.followed_at);
  EXPECT_EQ(again->after, place.after);
  EXPECT_EQ(again->last, place.last);
  EXPECT_EQ(again->gaps, place.gaps);
  EXPECT_EQ(again->again, place.again);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(unpack_place(bytes.substr(0, size))) << size;
}

}  // namespace
}  // namespace innkeeper::engine
