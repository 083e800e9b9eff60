#include "location/countries.h"

#include <gtest/gtest.h>

namespace innkeeper::location {

TEST(Countries, TellTheNameAndContinentOfACode) {
  const Country* sweden = country_with_code("SE");
  ASSERT_NE(sweden, nullptr);
  EXPECT_EQ(sweden->name, "Sweden");
  EXPECT_EQ(continent_name(sweden->continent), "Europe");
}

TEST(Countries, TakeSmallLetters) { EXPECT_EQ(country_with_code("zw")->name, "Zimbabwe"); }

TEST(Countries, KnowNothingOfCodesThatAreNotInUse) {
  for (const char* code : {"", "A", "ZZ", "SWE", "--", "\xc3\xa5"})
    EXPECT_EQ(country_with_code(code), nullptr) << code;
}

TEST(Countries, EveryOneLiesOnANamedContinent) {
  int count = 0;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const char code[] = {first, second};
      const Country* country = country_with_code({code, 2});
      if (country == nullptr) continue;
      ++count;
      EXPECT_FALSE(country->name.empty());
      EXPECT_FALSE(continent_name(country->continent).empty()) << country->name;
    }
  }
  EXPECT_EQ(count, 250);  // ISO 3166-1 has 249; and XK
}

}  // namespace innkeeper::location
