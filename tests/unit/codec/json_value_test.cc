#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "codec/json.h"

namespace innkeeper::codec {
namespace {

TEST(JsonString, WritesAsciiOnly) {
  EXPECT_EQ(json_string("Zoë"), R"("Zo\u00eb")");
  EXPECT_EQ(json_string(std::string_view("\0\x1f\x7f\"\\/\n", 7)),
            R"("\u0000\u001f\u007f\"\\/\n")");
  EXPECT_EQ(json_string("𝄞"), R"("\ud834\udd1e")");
}

TEST(JsonString, TakesBytesThatAreNoUtf8AsLatin1) {
  EXPECT_EQ(json_string("\xe9t\xc3\xa9"), R"("\u00e9t\u00e9")");
  EXPECT_EQ(canonical_name("caf\xe9"), R"(caf\u00e9)");
}

TEST(JsonString, KeepsASurrogateWrittenAsThreeBytes) {
  EXPECT_EQ(json_string("\xed\xa0\x80"), R"("\ud800")");
}

TEST(StringValue, ReadsWhatJsonStringWrote) {
  for (const std::string text : {"", "Zoë ☕ 𝄞", "\"\\/\b\f\n\r\t\x7f", "a"}) {
    EXPECT_EQ(string_value(json_string(text)), text);
  }
  EXPECT_EQ(string_value(R"("a\u0000b")"), std::string("a\0b", 3));
}

TEST(StringValue, GivesAReplacementForLoneSurrogates) {
  EXPECT_EQ(string_value(R"("\ud800")"), "\ufffd");
  EXPECT_EQ(string_value(R"("\udd1e\ud834")"), "\ufffd\ufffd");
  EXPECT_EQ(string_value(R"("\ud800\ud834\udd1e\ud834x\ud834\n")"), "\ufffd𝄞\ufffdx\ufffd\n");
}

TEST(StringValue, ReadsRawBytesAsUtf8) { EXPECT_EQ(string_value("\"Zoë\""), "Zoë"); }

TEST(Values, AreOfTheirOwnTypeOnly) {
  for (const char* json : {"", "1", "null", "x\"", "\"", "\"a\"b\"", " \"a\"", "\"a\" "}) {
    EXPECT_FALSE(string_value(json)) << json;
  }
  for (const char* json : {"", "1.0", "1e3", "\"1\"", "null", "01", "+1", " 1", "1 ", "-"}) {
    EXPECT_FALSE(integer_value(json)) << json;
  }
  for (const char* json : {"", "\"1.5\"", "null", "true", "1.", "inf", "nan", "-NaN"}) {
    EXPECT_FALSE(float_value(json)) << json;
  }
  for (const char* json : {"", "True", "1", "null", "\"true\"", "true "}) {
    EXPECT_FALSE(bool_value(json)) << json;
  }
}

TEST(IntegerValue, ReadsAllOf64Bits) {
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                    std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(integer_value(json_integer(number)), number);
  }
  EXPECT_FALSE(integer_value("9223372036854775808"));
  EXPECT_FALSE(integer_value("-9223372036854775809"));
}

TEST(FloatValue, ReadsWhatJsonFloatWrote) {
  for (const double number : {0.0, -1.5, 1e300, 5e-324, 0.1}) {
    EXPECT_EQ(float_value(json_float(number)), number);
  }
  EXPECT_EQ(float_value("42"), 42.0);
  EXPECT_TRUE(std::isnan(*float_value("NaN")));
  EXPECT_EQ(float_value("-Infinity"), -std::numeric_limits<double>::infinity());
}

TEST(BoolValue, ReadsBoth) {
  EXPECT_EQ(bool_value(json_bool(true)), true);
  EXPECT_EQ(bool_value(json_bool(false)), false);
}

// As json.dumps(…, indent=2) lays it out.
TEST(IndentedJson, GivesEveryItemALine) {
  EXPECT_EQ(indented_json(R"({"a":[1,{"b":[]}],"c":{},"d":"x"})"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n"
            "  \"d\": \"x\"\n}");
  EXPECT_EQ(indented_json("[[1,2],[3]]", 1), "[\n [\n  1,\n  2\n ],\n [\n  3\n ]\n]");
  EXPECT_EQ(indented_json("1"), "1");
}

TEST(IndentedJson, KeepsTheTextsOfValues) {
  EXPECT_EQ(indented_json(R"([1.50, "\u00EB"])"), "[\n  1.50,\n  \"\\u00EB\"\n]");
}

TEST(IndentedJson, GivesBackWhatIsNoJson) {
  EXPECT_EQ(indented_json("{\"a\":"), "{\"a\":");
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  EXPECT_EQ(indented_json(deep), deep);
}

// Deep nesting of many items must not become a text of thousands of times its size.
TEST(IndentedJson, StaysInProportionToItsInput) {
  std::string many = "1";
  for (int i = 0; i < 10'000; ++i) many += ",1";
  const std::string deep = std::string(500, '[') + many + std::string(500, ']');
  EXPECT_LT(indented_json(deep).size(), deep.size() * 50);
}

}  // namespace
}  // namespace innkeeper::codec
