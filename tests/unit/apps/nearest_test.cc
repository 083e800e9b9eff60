#include "config/nearest.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace innkeeper::app {
namespace {

TEST(EditDistance, CountsLettersPutInTakenOutAndReplaced) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(EditDistance, CountsASwapOfNeighboursAsOne) {
  EXPECT_EQ(edit_distance("SECERT_KEY", "SECRET_KEY"), 1u);
}

TEST(EditDistance, IgnoresCase) { EXPECT_EQ(edit_distance("secret_key", "SECRET_KEY"), 0u); }

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> names{"SESSION_COOKIE_AGE", "SESSION_COOKIE_NAME", "SECRET_KEY"};
  EXPECT_EQ(nearest("SESION_COOKIE_AGE", names), "SESSION_COOKIE_AGE");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
  const std::vector<std::string> names{"SESSION_COOKIE_AGE", "SECRET_KEY"};
  EXPECT_EQ(nearest("DEBUG", names), "");
}

TEST(Nearest, DoesNotCompareATextOfTheLengthOfAFile) {
  const std::vector<std::string> names{std::string(200, 'a')};
  EXPECT_EQ(nearest(std::string(199, 'a'), names), "");
}

}  // namespace
}  // namespace innkeeper::app
