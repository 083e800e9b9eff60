#include "http/url.h"

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

TEST(Url, APathIsOneWordOfTheLog) {
  EXPECT_EQ(path_for_log("/admin/ 200 1us 192.0.2.1"), "/admin/%20200%201us%20192.0.2.1");
  EXPECT_EQ(path_for_log(*decode_path("/a%2Fb/%ff%C2%9B31m")), "/a%2Fb/%FF%C2%9B31m");
  EXPECT_EQ(path_for_log("/" + std::string(300, 'x')), "/" + std::string(199, 'x') + "...");
}

TEST(DecodePath, DecodesEscapes) {
  EXPECT_EQ(decode_path("/caf%C3%A9/a%20b"), "/caf\xc3\xa9/a b");
  EXPECT_EQ(decode_path("/"), "/");
}

TEST(DecodePath, KeepsAnEncodedSlashInItsSegment) {
  EXPECT_EQ(decode_path("/a%2fb/c"), "/a%2Fb/c");
  EXPECT_EQ(decode_path("/a%252fb"), "/a%252fb");  // not the same as the one above
}

TEST(DecodePath, RefusesDotSegmentsInAnySpelling) {
  for (const char* path :
       {"/..", "/../etc", "/a/../b", "/a/..", "/%2e%2e/x", "/.%2E", "/./a", "/a/.", "/%2e"}) {
    EXPECT_EQ(decode_path(path), std::nullopt) << path;
  }
  EXPECT_EQ(decode_path("/..a/b../..."), "/..a/b../...");
}

TEST(DecodePath, RefusesControlCharactersAndBrokenEscapes) {
  for (const char* path :
       {"/%00", "/a%0ab", "/%0d%0aX:y", "/%7f", "/%1f", "/%", "/%4", "/%zz", "", "a", "*", "%2f"}) {
    EXPECT_EQ(decode_path(path), std::nullopt) << path;
  }
}

TEST(PercentEncode, IsUndoneByDecoding) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(every)), every);
  EXPECT_EQ(percent_encode("a/b?c&d=e"), "a%2Fb%3Fc%26d%3De");
}

TEST(ParseForm, ReadsNamesAndValues) {
  const Parameters expected{{"a", "1"}, {"b", "x y"}, {"c", ""}, {"d", ""}, {"é", "=&"}};
  EXPECT_EQ(parse_form("a=1&b=x+y&c=&d&&%C3%A9=%3d%26"), expected);
}

TEST(ParseForm, LeavesABrokenEscapeAsItCame) {
  const Parameters expected{{"a", "%zz"}, {"b", "%"}, {"c", "%4"}};
  EXPECT_EQ(parse_form("a=%zz&b=%&c=%4"), expected);
}

TEST(ParseForm, StopsAtItsLimit) { EXPECT_EQ(parse_form("a&b&c&d", 2).size(), 2u); }

TEST(FormatForm, IsUndoneByParsing) {
  const Parameters parameters{{"q", "a&b=c d+e"}, {"é", "\xf0\x9f\x99\x82"}};
  EXPECT_EQ(parse_form(format_form(parameters)), parameters);
}

}  // namespace
}  // namespace innkeeper::http
