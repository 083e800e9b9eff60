#include "engine/batch_limit.h"

#include <gtest/gtest.h>

namespace innkeeper::engine {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A database where a batch costs something for itself and something for each row.
struct Costs {
  microseconds batch, row;
  microseconds of(int rows) const { return batch + rows * row; }
};

void purge(BatchLimit& limit, const Costs& costs, int batches) {
  for (int i = 0; i < batches; ++i) limit.learn(costs.of(limit.rows()));
}

TEST(BatchLimit, GrowsToTheMostWhereRowsCostLittle) {
  BatchLimit limit(1000);
  purge(limit, {microseconds(300), microseconds(5)}, 8);
  EXPECT_EQ(limit.rows(), 1000);
}

TEST(BatchLimit, KeepsABatchWithinPatience) {
  const Costs costs{microseconds(300), microseconds(500)};
  BatchLimit limit(1000);
  purge(limit, costs, 8);
  EXPECT_LE(costs.of(limit.rows()), BatchLimit::patience);
}

// Measured with SQLite's rollback journal: 9 ms for the commit alone.
TEST(BatchLimit, ComesBackAfterAPauseOfTheDiskWhereTheCommitIsMostOfABatch) {
  const Costs costs{microseconds(8700), microseconds(260)};
  BatchLimit limit(1000);
  purge(limit, costs, 8);
  const int usual = limit.rows();
  EXPECT_LE(costs.of(usual), BatchLimit::patience);
  for (int i = 0; i < 4; ++i) limit.learn(milliseconds(300));
  purge(limit, costs, 8);
  EXPECT_GE(limit.rows(), usual * 9 / 10);
  EXPECT_LE(costs.of(limit.rows()), BatchLimit::patience);
}

TEST(BatchLimit, IsNotOneRowWhereTheCommitAloneIsTooLong) {
  BatchLimit limit(1000);
  purge(limit, {milliseconds(40), microseconds(100)}, 20);
  EXPECT_EQ(limit.rows(), 25);
}

TEST(BatchLimit, IsNeverMoreThanAskedFor) {
  BatchLimit limit(10);
  EXPECT_EQ(limit.rows(), 10);
  purge(limit, {milliseconds(40), microseconds(100)}, 20);
  EXPECT_EQ(limit.rows(), 10);
  purge(limit, {microseconds(1), microseconds(1)}, 20);
  EXPECT_EQ(limit.rows(), 10);
}

}  // namespace
}  // namespace innkeeper::engine
