#include "base/base64.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

// RFC 4648, section 10.
TEST(Base64, WritesTheVectorsOfTheRfc) {
  EXPECT_EQ(base64_encode("", Base64::standard), "");
  EXPECT_EQ(base64_encode("f", Base64::standard), "Zg==");
  EXPECT_EQ(base64_encode("foobar", Base64::standard), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("f", Base64::url), "Zg");
  EXPECT_EQ(base64_encode("\xfb\xff", Base64::url), "-_8");
}

TEST(Base64, ReadsWhatItWrote) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(base64_decode(base64_encode(bytes, Base64::url), Base64::url), bytes);
    EXPECT_EQ(base64_decode(base64_encode(bytes, Base64::standard), Base64::standard), bytes);
  }
}

TEST(Base64, RefusesWhatIsNotInItsAlphabet) {
  for (const char* text : {"Zg=", "Z g", "Zg+", "Z", "Zg\n"})
    EXPECT_FALSE(base64_decode(text, Base64::url)) << text;
  for (const char* text : {"Zg", "Zg=", "Z===", "Zg-_", "===="})
    EXPECT_FALSE(base64_decode(text, Base64::standard)) << text;
}

}  // namespace
}  // namespace innkeeper
