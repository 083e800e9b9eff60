#include "http/episode.h"

#include <gtest/gtest.h>

#include "support/captured_log.h"

namespace innkeeper::http {
namespace {

using Lines = std::vector<std::string>;

constexpr Episode::Time start{std::chrono::hours(1)};

TEST(Episode, TellsOfATroubleWhenItBeginsAndWhenItIsOver) {
  test::CapturedLog log;
  Episode episode("cannot accept", log);
  for (int i = 0; i < 100; ++i) {
    episode.happened("no files", start + std::chrono::seconds(i));
    episode.look(start + std::chrono::seconds(i));
  }
  EXPECT_EQ(log.lines(), Lines{"innkeeper: cannot accept: no files"});
  episode.look(start + std::chrono::seconds(99) + Episode::calm);
  EXPECT_EQ(log.lines().back(), "innkeeper: cannot accept: over; counted 100");
}

TEST(Episode, IsNotOverWhileItMayComeAgainSoon) {
  test::CapturedLog log;
  Episode episode("cannot accept", log);
  episode.happened("no files", start);
  episode.look(start + Episode::calm - std::chrono::milliseconds(1));
  EXPECT_EQ(log.lines().size(), 1u);
}

TEST(Episode, TellsOfTheNextOneAnew) {
  test::CapturedLog log;
  Episode episode("cannot accept", log);
  episode.look(start);  // nothing came yet
  episode.happened("no files", start);
  episode.look(start + Episode::calm);
  episode.look(start + 2 * Episode::calm);
  episode.happened("no memory", start + 3 * Episode::calm);
  EXPECT_EQ(log.lines(), (Lines{"innkeeper: cannot accept: no files",
                                "innkeeper: cannot accept: over; counted 1",
                                "innkeeper: cannot accept: no memory"}));
}

}  // namespace
}  // namespace innkeeper::http
