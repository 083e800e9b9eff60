#include "web/auth/password_gate.h"

#include <thread>

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

void wait_for_somebody_to_wait(const PasswordGate& gate) {
  while (gate.waiting() == 0) std::this_thread::yield();
}

TEST(PasswordGate, LeavesAWorkerToOthers) {
  PasswordGate gate(4);
  auto first = gate.enter();
  const auto second = gate.enter();
  std::unique_ptr<PasswordGate::Pass> third;
  std::thread waiter([&] { third = gate.enter(); });
  wait_for_somebody_to_wait(gate);
  EXPECT_EQ(gate.enter(), nullptr) << "two check, one waits: the fourth worker is for others";
  first.reset();
  waiter.join();
  EXPECT_NE(third, nullptr);
}

TEST(PasswordGate, LetsOneInHoweverFewWorkersThereAre) {
  for (const int workers : {1, 2}) {
    PasswordGate gate(workers);
    auto only = gate.enter();
    EXPECT_NE(only, nullptr);
    EXPECT_EQ(gate.enter(), nullptr);
    only.reset();
    EXPECT_NE(gate.enter(), nullptr);
  }
}

}  // namespace
}  // namespace innkeeper::web
