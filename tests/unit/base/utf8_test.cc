#include "base/utf8.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

TEST(Utf8, ReadsWhatItWrites) {
  for (const char32_t code : {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xfffdu, 0x10000u, 0x10ffffu}) {
    std::string text;
    append_utf8(text, code);
    const Utf8Step step = first_utf8(text + "tail");
    EXPECT_TRUE(step.valid);
    EXPECT_EQ(step.code, code);
    EXPECT_EQ(step.length, text.size());
  }
}

TEST(Utf8, RefusesOverlongTruncatedAndImpossibleBytes) {
  for (const char* text :
       {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xe2\x98", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3(", "ok\xe9"}) {
    EXPECT_FALSE(is_utf8(text));
  }
  EXPECT_EQ(first_utf8("\xe9t\xe9").code, 0xe9u);
  EXPECT_EQ(first_utf8("\xe9t\xe9").length, 1u);
}

TEST(Utf8, TakesSurrogatesOnlyWhereAsked) {
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_TRUE(is_utf8("\xed\xa0\x80", Surrogates::taken));
  EXPECT_TRUE(is_utf8("\xed\x9f\xbf"));
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

}  // namespace
}  // namespace innkeeper
