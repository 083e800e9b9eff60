#include "location/plain_text.h"

#include <string>

#include <gtest/gtest.h>

namespace innkeeper::location {

TEST(PlainText, TakesNamesOfEveryScript) {
  for (const char* name : {"", "Lyon", "Linköping", "東京", "استکهلم", "\xf0\x9f\x8f\x99"})
    EXPECT_TRUE(is_plain_text(name)) << name;
}

TEST(PlainText, RefusesWhatIsNotUtf8) {
  for (const char* bytes : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xff", "\xe6\x9d"})
    EXPECT_FALSE(is_plain_text(bytes));
}

TEST(PlainText, RefusesControlCharacters) {
  for (const std::string& bytes :
       {std::string("a\nb"), std::string(1, '\0'), std::string("\x7f"), std::string("\xc2\x85")})
    EXPECT_FALSE(is_plain_text(bytes));
}

TEST(PlainText, RefusesWhatNoPlaceIsCalled) {
  EXPECT_TRUE(is_plain_text(std::string(255, 'x')));
  EXPECT_FALSE(is_plain_text(std::string(256, 'x')));
}

}  // namespace innkeeper::location
