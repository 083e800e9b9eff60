#include "device/text.h"

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

TEST(Capped, CutsBeforeACharacterThatHasNoRoom) {
  EXPECT_EQ(capped("abc", 5), "abc");
  EXPECT_EQ(capped("abcdef", 5), "abcde");
  EXPECT_EQ(capped("abcd\xc3\xbc", 5), "abcd");
  EXPECT_EQ(capped("ab\xf0\x9f\x98\x80", 5), "ab");
  EXPECT_EQ(capped(std::string(9, '\x80'), 5).size(), 5u);
}

TEST(WithoutControls, MakesThemBlanks) {
  EXPECT_EQ(without_controls(std::string_view("a\0b\n\x7f\x1b[0m", 9)), "a b   [0m");
}

TEST(ToNumber, TakesDigitsOnly) {
  EXPECT_EQ(to_number("015"), 15);
  for (const char* text : {"", "-1", "1x", " 1", "1234567890"})
    EXPECT_EQ(to_number(text), -1) << text;
}

}  // namespace
}  // namespace innkeeper::device
