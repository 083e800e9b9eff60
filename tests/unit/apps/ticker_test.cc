#include "serve/ticker.h"

#include <future>
#include <memory>

#include <gtest/gtest.h>

namespace innkeeper::app {
namespace {

TEST(Ticker, DoesItsTaskAgainAndAgain) {
  int times = 0;
  std::promise<void> thrice;
  const Ticker ticker(std::chrono::milliseconds(1), [&](const std::stop_token&) {
    if (++times == 3) thrice.set_value();
  });
  thrice.get_future().wait();
}

TEST(Ticker, StopsAtOnceHoweverLongItsInterval) {
  const auto start = std::chrono::steady_clock::now();
  {
    const Ticker ticker(std::chrono::hours(1), [](const std::stop_token&) {});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(Ticker, TellsATaskUnderWayToStopAndWaitsForIt) {
  std::promise<void> begun;
  bool done = false;
  auto ticker = std::make_unique<Ticker>(std::chrono::milliseconds(1),
                                         [&, once = false](const std::stop_token& stop) mutable {
                                           if (once) return;
                                           once = true;
                                           begun.set_value();
                                           while (!stop.stop_requested()) std::this_thread::yield();
                                           done = true;
                                         });
  begun.get_future().wait();
  ticker.reset();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace innkeeper::app
