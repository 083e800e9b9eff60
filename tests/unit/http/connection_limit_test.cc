#include "http/connection_limit.h"

#include <limits>

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

TEST(ConnectionLimit, LeavesFilesToTheRestOfTheProgram) {
  EXPECT_EQ(connections_within(1024, 5), 940);
  EXPECT_EQ(connections_within(1024, 65), 700);
}

TEST(ConnectionLimit, HasAnEndWhereFilesHaveNone) {
  constexpr auto endless = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(connections_within(1u << 20, 5), (1 << 20) - 84);
  EXPECT_EQ(connections_within(endless, 5), std::numeric_limits<int>::max());
  EXPECT_EQ(usual_connection_limit(1u << 20, 5), 8192);
  EXPECT_EQ(usual_connection_limit(endless, 5), 8192);
  EXPECT_EQ(usual_connection_limit(1024, 5), 940);
}

TEST(ConnectionLimit, TakesHalfOfVeryFewFiles) {
  EXPECT_EQ(connections_within(64, 5), 32);
  EXPECT_EQ(connections_within(256, 1000), 128);
}

}  // namespace
}  // namespace innkeeper::http
