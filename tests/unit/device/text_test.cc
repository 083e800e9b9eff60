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

TEST(ValidUtf8, KeepsWhatIsWellFormed) {
  EXPECT_EQ(valid_utf8("Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80"),
            "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(ValidUtf8, ReplacesWhatIsNot) {
  EXPECT_EQ(valid_utf8("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");           // overlong
  EXPECT_EQ(valid_utf8("\xed\xa0\x80x").back(), 'x');                      // a surrogate
  EXPECT_EQ(valid_utf8("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");           // cut short
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80").substr(0, 3), "\xef\xbf\xbd");  // beyond the last
}

TEST(Stripped, LosesBlanksAtBothEnds) {
  EXPECT_EQ(stripped(" \ta b \n"), "a b");
  EXPECT_EQ(stripped("  "), "");
}

TEST(ToNumber, TakesDigitsOnly) {
  EXPECT_EQ(to_number("015"), 15);
  for (const char* text : {"", "-1", "1x", " 1", "1234567890"})
    EXPECT_EQ(to_number(text), -1) << text;
}

}  // namespace
}  // namespace innkeeper::device
