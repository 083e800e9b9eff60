#include "base/big_endian.h"

#include <string>

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

TEST(BigEndian, TheHighestByteComesFirst) {
  std::string bytes(8, '?');
  put_big_endian(0x0102030405060708, bytes.data());
  EXPECT_EQ(bytes, "\1\2\3\4\5\6\7\10");
  EXPECT_EQ(get_big_endian(bytes.data()), 0x0102030405060708u);
}

TEST(BigEndian, HighBitsAreNoSigns) {
  const std::string bytes("\xff\xfe\xfd\xfc", 4);
  EXPECT_EQ(get_big_endian<4>(bytes.data()), 0xfffefdfcu);
  EXPECT_EQ(get_big_endian<1>(bytes.data()), 0xffu);
}

TEST(BigEndian, FewerBytesAreTheLowest) {
  std::string bytes(4, '?');
  put_big_endian<4>(0x11223344aabbccdd, bytes.data());
  EXPECT_EQ(bytes, "\xaa\xbb\xcc\xdd");
}

}  // namespace
}  // namespace innkeeper
