#include "location/data_reader.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace innkeeper::location {

namespace {

using Bytes = std::vector<std::uint8_t>;

Value read(const Bytes& bytes, bool sound = true) {
  DataReader reader(bytes);
  std::size_t at = 0;
  Value value;
  EXPECT_EQ(reader.read(at, value), sound);
  return value;
}

bool is_sound(const Bytes& bytes) {
  DataReader reader(bytes);
  std::size_t at = 0;
  Value value;
  return reader.read(at, value) && reader.check(value);
}

}  // namespace

// The examples are those of the format's description, where it has some.
TEST(DataReader, ReadsTextsOfEveryLengthOfLength) {
  EXPECT_EQ(read({0x42, 'h', 'i'}).text, "hi");
  Bytes text{0x5d, 51 - 29};
  text.insert(text.end(), 51, 'x');
  EXPECT_EQ(read(text).text, std::string(51, 'x'));
  text = {0x5e, 0x00, 0x0f};
  text.insert(text.end(), 300, 'x');
  EXPECT_EQ(read(text).text, std::string(300, 'x'));
  text = {0x5f, 0x00, 0x00, 0x01};
  text.insert(text.end(), 65822, 'x');
  EXPECT_EQ(read(text).text.size(), 65822u);
}

TEST(DataReader, ReadsNumbers) {
  EXPECT_EQ(read({0xa2, 0x01, 0x02}).integer, 0x102u);
  EXPECT_EQ(read({0xa0}).integer, 0u);
  EXPECT_EQ(read({0x04, 0x01, 0xff, 0xff, 0xff, 0xfe}).number, -2);  // int32
  EXPECT_EQ(read({0x68, 0x40, 0x45, 0, 0, 0, 0, 0, 0}).number, 42.0);
  EXPECT_EQ(read({0x04, 0x08, 0x42, 0x28, 0, 0}).number, 42.0);  // float
  EXPECT_EQ(read({0x01, 0x07}).integer, 1u);                     // true
}

TEST(DataReader, FollowsAPointerOnce) {
  EXPECT_EQ(read({0x20, 0x02, 0x41, 'x'}).text, "x");
  read({0x20, 0x02, 0x20, 0x04, 0x41, 'x'}, false);
}

TEST(DataReader, StaysInsideTheBytes) {
  for (const Bytes& cut : {Bytes{}, Bytes{0x42, 'h'}, Bytes{0x5d}, Bytes{0x5e, 0}, Bytes{0x20},
                           Bytes{0x28, 0}, Bytes{0x38, 0, 0, 0}, Bytes{0x00}, Bytes{0x68, 0},
                           Bytes{0x20, 0xff}, Bytes{0x38, 0xff, 0xff, 0xff, 0xff}})
    read(cut, false);
}

TEST(DataReader, RefusesTypesThatTheFormatDoesNotHave) {
  for (const Bytes& bytes :
       {Bytes{0x00, 0x00, 0, 0}, Bytes{0x00, 0x05}, Bytes{0x00, 0x06}, Bytes{0x00, 0x09},
        Bytes{0x02, 0x07}, Bytes{0xa3, 1, 2, 3}, Bytes{0x64, 1, 2, 3, 4}})
    read(bytes, false);
}

TEST(DataReader, WalksAMapAndStepsOverWhatNobodyLooksAt) {
  // {"a": {"x": 1}, "b": "y"}
  const Bytes bytes{0xe2, 0x41, 'a', 0xe1, 0x41, 'x', 0xa1, 1, 0x41, 'b', 0x41, 'y'};
  DataReader reader(bytes);
  std::size_t at = 0;
  Value map;
  ASSERT_TRUE(reader.read(at, map));
  std::string keys, last;
  EXPECT_TRUE(reader.each_member(map, [&](std::string_view key, Value& value) {
    keys += key;
    last = value.text;
    return true;
  }));
  EXPECT_EQ(keys, "ab");
  EXPECT_EQ(last, "y");
}

TEST(DataReader, LimitsTheDepth) {
  const auto nested = [](int depth) {
    Bytes bytes;
    for (int i = 1; i < depth; ++i) bytes.insert(bytes.end(), {0x01, 0x04});
    bytes.insert(bytes.end(), {0x00, 0x04});
    return bytes;
  };
  EXPECT_TRUE(is_sound(nested(DataReader::deepest)));
  EXPECT_FALSE(is_sound(nested(DataReader::deepest + 1)));
}

TEST(DataReader, LimitsTheNumberOfValues) {
  // One array of many times `true`.
  const auto array = [](int count) {
    Bytes bytes{0x1e, 0x04, static_cast<std::uint8_t>((count - 285) >> 8),
                static_cast<std::uint8_t>((count - 285) & 0xff)};
    for (int i = 0; i < count; ++i) bytes.insert(bytes.end(), {0x01, 0x07});
    return bytes;
  };
  EXPECT_TRUE(is_sound(array(DataReader::most_values - 1)));
  EXPECT_FALSE(is_sound(array(DataReader::most_values)));
}

}  // namespace innkeeper::location
