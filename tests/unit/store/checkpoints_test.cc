#include "store/sqlite/checkpoints.h"

#include <gtest/gtest.h>

namespace innkeeper::store::sqlite {
namespace {

TEST(Checkpoints, AreDueWheneverTheLogHasGrownByAsMuch) {
  Checkpoints checkpoints;
  checkpoints.note(999);
  EXPECT_FALSE(checkpoints.begin(1000));
  checkpoints.note(1000);
  EXPECT_TRUE(checkpoints.begin(1000));
  checkpoints.done();
  checkpoints.note(1500);
  EXPECT_FALSE(checkpoints.begin(1000));
  checkpoints.note(2000);
  EXPECT_TRUE(checkpoints.begin(1000));
}

TEST(Checkpoints, AreMadeByOneAtATime) {
  Checkpoints checkpoints;
  checkpoints.note(1000);
  EXPECT_TRUE(checkpoints.begin(1000));
  checkpoints.note(2000);
  EXPECT_FALSE(checkpoints.begin(1000));
  checkpoints.done();
  EXPECT_TRUE(checkpoints.begin(1000));
}

TEST(Checkpoints, BeginAnewWithTheLog) {
  Checkpoints checkpoints;
  checkpoints.note(3000);
  EXPECT_TRUE(checkpoints.begin(1000));
  checkpoints.done();
  checkpoints.note(3);
  EXPECT_FALSE(checkpoints.begin(1000));
  checkpoints.note(1000);
  EXPECT_TRUE(checkpoints.begin(1000));
}

TEST(Checkpoints, SayWhereTheLogGrowsAllTheSame) {
  Checkpoints checkpoints;
  checkpoints.note(Checkpoints::most_pages - 1);
  EXPECT_FALSE(checkpoints.is_overlong());
  checkpoints.note(Checkpoints::most_pages);
  EXPECT_TRUE(checkpoints.is_overlong());
}

}  // namespace
}  // namespace innkeeper::store::sqlite
