#include "base/trim.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

TEST(Trim, TakesBlanksFromBothEndsAndLeavesThoseBetween) {
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed("a"), "a");
}

TEST(Trim, OfBlanksAloneNothingIsLeft) {
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Trim, LineEndsAreBlanksOnlyWhereTheyAreAskedFor) {
  EXPECT_EQ(trimmed(" a\n"), "a\n");
  EXPECT_EQ(trimmed("\r a\n", white_space), "a");
}

}  // namespace
}  // namespace innkeeper
