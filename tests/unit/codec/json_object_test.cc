#include <gtest/gtest.h>

#include "codec/json.h"

namespace innkeeper::codec {
namespace {

Fields fields_of(std::string_view text) {
  const auto fields = parse_object(text);
  EXPECT_TRUE(fields) << text;
  return fields ? *fields : Fields{};
}

JsonError error_of(std::string_view text, int depth = default_json_depth) {
  const auto fields = parse_object(text, depth);
  EXPECT_FALSE(fields) << text;
  return fields ? JsonError{} : fields.error();
}

TEST(ParseObject, CutsTheTopLevelOnly) {
  EXPECT_EQ(fields_of(R"({"a":1,"b":{"c":[1,{"d":2}]},"e":"x,}\"y"})"),
            (Fields{{"a", "1"}, {"b", R"({"c":[1,{"d":2}]})"}, {"e", R"("x,}\"y")"}}));
  EXPECT_EQ(fields_of("{}"), Fields{});
}

TEST(ParseObject, KeepsEveryValueAsItCame) {
  for (const char* value : {"1E+2", "-0", "1.50", "NaN", "-Infinity", "\"\\/\\u00EB\"", "[1, 2]",
                            "\"\\ud800\"", "123456789012345678901234567890"}) {
    EXPECT_EQ(fields_of(std::string("{\"a\":") + value + "}"), (Fields{{"a", value}}));
  }
}

TEST(ParseObject, SkipsSpaceAroundMembers) {
  EXPECT_EQ(fields_of(" {\n\t\"a\" : 1 ,\r\"b\": [ ] } "), (Fields{{"a", "1"}, {"b", "[ ]"}}));
}

TEST(ParseObject, MakesEqualNamesEqualTexts) {
  EXPECT_EQ(fields_of(R"({"\u0061\/\u00EB":1})"), (Fields{{R"(a/\u00eb)", "1"}}));
  EXPECT_EQ(fields_of("{\"\xeb\":1}"), (Fields{{R"(\u00eb)", "1"}}));
}

TEST(ParseObject, KeepsTheLastOfDuplicatesAtTheFirstPlace) {
  EXPECT_EQ(fields_of(R"({"a":1,"b":2,"\u0061":3})"), (Fields{{"a", "3"}, {"b", "2"}}));
}

TEST(ParseObject, KeepsTheLastOfDuplicatesAmongManyMembers) {
  std::string text = "{";
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i) {
      text += '"' + std::to_string(i) + "\":" + std::to_string(i + round) + ',';
    }
  }
  text.back() = '}';
  const Fields fields = fields_of(text);
  ASSERT_EQ(fields.size(), 1000u);
  EXPECT_EQ(fields[7], (Field{"7", "8"}));
}

TEST(ParseObject, ReadsBytesBeyondAsciiAsLatin1) {
  EXPECT_EQ(fields_of("{\"a\":[\"Zo\xc3\xab\"]}"), (Fields{{"a", R"(["Zo\u00c3\u00ab"])"}}));
}

TEST(ParseObject, RefusesWhatPythonRefuses) {
  for (const char* text : {"",
                           "{",
                           "{\"a\"",
                           "{\"a\":",
                           "{\"a\":1",
                           "{\"a\":1,",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":1e}",
                           "{\"a\":-}",
                           "{\"a\":nul}",
                           "{\"a\":True}",
                           "{\"a\":-NaN}",
                           "{\"a\":Inf}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\u12g4\"}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"",
                           "{\"a\":\"\\",
                           "{\"a\":[1,]}",
                           "{\"a\":[1 2]}",
                           "{\"a\":[1}",
                           "{\"a\":{]}",
                           "{,}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":\"\\\xe9\"}",
                           "{\"a\":\xe9}",
                           "\xef\xbb\xbf{}",
                           "[",
                           "nope"}) {
    EXPECT_EQ(error_of(text), JsonError::syntax) << text;
  }
  EXPECT_EQ(error_of(std::string("{\"a\0\":1}", 8)), JsonError::syntax);
  EXPECT_EQ(error_of(std::string("{\"a\":1\0}", 8)), JsonError::syntax);
}

TEST(ParseObject, NamesWhatIsWrong) {
  for (const char* text : {"[1,2]", "[{\"a\":1}]", "1", "\"{}\"", "null"}) {
    EXPECT_EQ(error_of(text), JsonError::not_an_object) << text;
  }
  for (const char* text : {"{}x", "{} {}", "{},"}) {
    EXPECT_EQ(error_of(text), JsonError::trailing_text) << text;
  }
}

TEST(ParseObject, ReadsDeeperThanAProgramMayWrite) {
  const auto nested = [](int levels) {
    const auto count = static_cast<std::size_t>(levels - 1);
    return "{\"a\":" + std::string(count, '[') + std::string(count, ']') + "}";
  };
  EXPECT_TRUE(parse_object(nested(990)));  // what Python 3.11 writes
  EXPECT_TRUE(parse_object(nested(deepest_json_read)));
  EXPECT_EQ(error_of(nested(deepest_json_read + 1), deepest_json_read), JsonError::too_deep);
  EXPECT_FALSE(canonical_json(nested(990))) << "not every Python could read it";
}

TEST(ObjectError, IsWhatParseObjectSays) {
  for (const char* text : {"{}", "[1,2]", "{} {}", "{", "{\"a\":[{}]}"}) {
    const auto fields = parse_object(text);
    const auto error = object_error(text);
    ASSERT_EQ(fields.has_value(), !error) << text;
    if (error) {
      EXPECT_EQ(*error, fields.error()) << text;
    }
  }
}

TEST(ParseObject, StopsAtTheDepthLimit) {
  EXPECT_TRUE(parse_object("{\"a\":[[1]]}", 3));
  EXPECT_EQ(error_of("{\"a\":[[1]]}", 2), JsonError::too_deep);
  EXPECT_EQ(error_of("{}", 0), JsonError::too_deep);
}

TEST(ParseObject, SurvivesAnyDepthWhereTheLimitIsLifted) {
  constexpr std::size_t depth = 5'000'000;
  const std::string deep = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  EXPECT_EQ(error_of(deep), JsonError::too_deep);
  EXPECT_EQ(join_object(*parse_object(deep, depth + 1)), deep);
}

TEST(JoinObject, WritesWhatWasRead) {
  for (const char* text : {"{}", R"({"a":1})", R"({"a":"\u00eb","b":[1,{"c":NaN}],"":null})"}) {
    EXPECT_EQ(join_object(fields_of(text)), text);
  }
}

}  // namespace
}  // namespace innkeeper::codec
