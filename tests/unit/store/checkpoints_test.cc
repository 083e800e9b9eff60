#include "store/sqlite/checkpoints.h"

#include <gtest/gtest.h>

namespace innkeeper::store::sqlite {
namespace {

using Due = Checkpoints::Due;

TEST(Checkpoints, AreDueEveryThousandPages) {
  Checkpoints checkpoints;
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::pages_between - 1), Due::not_yet);
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::pages_between), Due::beside);
  checkpoints.done();
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::pages_between + 5), Due::not_yet);
  EXPECT_EQ(checkpoints.after_commit(2 * Checkpoints::pages_between), Due::beside);
}

TEST(Checkpoints, AreMadeByOneAtATime) {
  Checkpoints checkpoints;
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::pages_between), Due::beside);
  EXPECT_EQ(checkpoints.after_commit(2 * Checkpoints::pages_between), Due::not_yet);
  checkpoints.done();
  EXPECT_EQ(checkpoints.after_commit(2 * Checkpoints::pages_between), Due::beside);
}

TEST(Checkpoints, BeginAnewWithTheLog) {
  Checkpoints checkpoints;
  EXPECT_EQ(checkpoints.after_commit(3 * Checkpoints::pages_between), Due::beside);
  checkpoints.done();
  EXPECT_EQ(checkpoints.after_commit(3), Due::not_yet);
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::pages_between), Due::beside);
}

TEST(Checkpoints, AreMadeInsideTheTurnWhereTheLogGrowsAllTheSame) {
  Checkpoints checkpoints;
  EXPECT_EQ(checkpoints.after_commit(3 * Checkpoints::pages_between), Due::beside);
  EXPECT_EQ(checkpoints.after_commit(Checkpoints::most_pages), Due::within);
}

}  // namespace
}  // namespace innkeeper::store::sqlite
