#include "http/worker_pool.h"

#include <atomic>
#include <latch>

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

TEST(WorkerPool, RefusesAtOnceWhatDoesNotFit) {
  WorkerPool pool(1, 1);
  std::latch started(1), release(1);
  std::atomic<int> ran = 0;
  ASSERT_TRUE(pool.try_post([&] {
    started.count_down();
    release.wait();
    ++ran;
  }));
  started.wait();  // the thread is busy, nothing waits
  EXPECT_TRUE(pool.try_post([&] { ++ran; }));
  EXPECT_FALSE(pool.try_post([&] { ++ran; }));
  release.count_down();
  pool.stop();
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, TakesAJobWithoutAQueueWhereAThreadIsFree) {
  WorkerPool pool(1, 0);
  std::latch done(1);
  EXPECT_TRUE(pool.try_post([&] { done.count_down(); }));
  done.wait();
}

TEST(WorkerPool, RunsWhatWaitsBeforeItStops) {
  WorkerPool pool(2, 100);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.try_post([&] { ++ran; }));
  pool.stop();
  EXPECT_EQ(ran, 50);
  EXPECT_FALSE(pool.try_post([] {}));
}

}  // namespace
}  // namespace innkeeper::http
