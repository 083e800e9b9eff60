#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "codec/json.h"

namespace innkeeper::codec {
namespace {

std::string canonical(std::string_view text) {
  const auto result = canonical_json(text);
  EXPECT_TRUE(result) << text;
  return result ? *result : "";
}

TEST(CanonicalJson, DropsSpaceAndKeepsOrder) {
  EXPECT_EQ(canonical(" { \"b\" : [ 1 , 2 ] , \"a\" : { } }\n"), R"({"b":[1,2],"a":{}})");
}

TEST(CanonicalJson, EscapesAsPythonDoes) {
  EXPECT_EQ(canonical("\"Zoë ☕ 𝄞 \x7f\""), R"("Zo\u00eb \u2615 \ud834\udd1e \u007f")");
  EXPECT_EQ(canonical(R"("\u0041\/\u00EB\b\f\n\r\t\"\\\u0000\u001F")"),
            R"("A/\u00eb\b\f\n\r\t\"\\\u0000\u001f")");
}

TEST(CanonicalJson, KeepsLoneSurrogates) {
  EXPECT_EQ(canonical(R"(["\uD800","\udc00\ud800","\ud834\udd1e"])"),
            R"(["\ud800","\udc00\ud800","\ud834\udd1e"])");
  EXPECT_EQ(canonical("\"\xed\xa0\x80\""), R"("\ud800")");
}

TEST(CanonicalJson, PrintsNumbersAsPythonDoes) {
  EXPECT_EQ(canonical("[1.0E+3,1e5,1.50,-0,-0.0,1E400,-1e400,1e-400,123456789012345678901]"),
            "[1000.0,100000.0,1.5,0,-0.0,Infinity,-Infinity,0.0,123456789012345678901]");
  EXPECT_EQ(canonical("[NaN,Infinity,-Infinity,true,false,null]"),
            "[NaN,Infinity,-Infinity,true,false,null]");
}

TEST(CanonicalJson, FindsTheScaleOfNumbersBeyondTheRange) {
  const std::string zeros(400, '0');
  EXPECT_EQ(canonical("0." + zeros + "1e500"), "1e+99");
  EXPECT_EQ(canonical("0." + zeros + "1"), "0.0");
  EXPECT_EQ(canonical("-1" + zeros + ".0"), "-Infinity");
  EXPECT_EQ(canonical("1" + zeros + ".0e-400"), "1.0");
  EXPECT_EQ(canonical("1e99999999999999999999"), "Infinity");
  EXPECT_EQ(canonical("-1e-99999999999999999999"), "-0.0");
  EXPECT_EQ(canonical("0e99999999999999999999"), "0.0");
}

TEST(CanonicalJson, KeepsTheLastOfDuplicatesInNestedObjects) {
  EXPECT_EQ(canonical(R"([{"a":1,"b":{"x":1,"x":[2],"y":3},"\u0061":4},{"a":5}])"),
            R"([{"a":4,"b":{"x":[2],"y":3}},{"a":5}])");
  EXPECT_EQ(canonical(R"({"a":{"a":1,"a":2},"a":{"a":3,"b":4,"a":5},"c":6})"),
            R"({"a":{"a":5,"b":4},"c":6})");
}

TEST(CanonicalJson, RefusesBytesThatAreNoUtf8) {
  for (const char* text : {"\"\xe9\"", "\"\xc0\xaf\"", "\"\xf4\x90\x80\x80\"", "\"\xc3\""}) {
    EXPECT_EQ(canonical_json(text).error(), JsonError::syntax);
  }
}

TEST(CanonicalJson, RefusesWhatItCannotRead) {
  EXPECT_EQ(canonical_json("").error(), JsonError::syntax);
  EXPECT_EQ(canonical_json("1 2").error(), JsonError::trailing_text);
  EXPECT_EQ(canonical_json("[[[]]]", 2).error(), JsonError::too_deep);
}

// Python: [repr(x) for x in …]
TEST(JsonFloat, IsPythonsRepr) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {1.5, "1.5"},
      {0.1, "0.1"},
      {100.0, "100.0"},
      {1e15, "1000000000000000.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {1e16, "1e+16"},
      {1.2345678901234568e17, "1.2345678901234568e+17"},
      {1e22, "1e+22"},
      {1e100, "1e+100"},
      {0.001, "0.001"},
      {0.0001, "0.0001"},
      {0.00012345, "0.00012345"},
      {0.00001, "1e-05"},
      {1e-7, "1e-07"},
      {-1.5e-10, "-1.5e-10"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {123456.789, "123456.789"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(json_float(number), text);
  EXPECT_EQ(json_float(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(json_float(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(json_float(-std::numeric_limits<double>::infinity()), "-Infinity");
}

}  // namespace
}  // namespace innkeeper::codec
