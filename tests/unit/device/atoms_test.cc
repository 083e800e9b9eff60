#include "device/atoms.h"

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

std::vector<int> found(const std::vector<std::string>& atoms, std::string_view text) {
  std::vector<int> indices;
  Atoms(atoms).find(text, indices);
  return indices;
}

using Indices = std::vector<int>;

TEST(Atoms, AreFoundWhereverTheyStand) {
  EXPECT_EQ(found({"chrome", "gecko", "safari"}, "safari like gecko"), (Indices{1, 2}));
}

TEST(Atoms, AreFoundInAnyCase) { EXPECT_EQ(found({"chrome"}, "HeadlessCHROME/1"), Indices{0}); }

// A search that goes on behind the end of a match misses "he" and "hers" in "shers".
TEST(Atoms, ThatOverlapAreAllFound) {
  EXPECT_EQ(found({"he", "she", "his", "hers"}, "ushers"), (Indices{0, 1, 3}));
}

TEST(Atoms, InsideALongerOneThatFailsAreFound) {
  EXPECT_EQ(found({"abcdx", "bc", "c"}, "abcdy"), (Indices{1, 2}));
}

TEST(Atoms, AreReportedOnce) { EXPECT_EQ(found({"aa"}, "aaaaaa"), Indices{0}); }

TEST(Atoms, OfAnyBytesAreFound) {
  EXPECT_EQ(found({"\xc3\xbc", std::string("\0x", 2)}, std::string_view("a\0x\xc3\xbc", 5)),
            (Indices{0, 1}));
}

TEST(Atoms, MayBeNone) { EXPECT_EQ(found({}, "anything"), Indices{}); }

}  // namespace
}  // namespace innkeeper::device
