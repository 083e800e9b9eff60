#include "base/digest.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

TEST(Sha256, GivesTheVectorOfFips180) {
  EXPECT_EQ(to_hex(as_text(sha256("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, cases 2 and 6 (a key longer than a block).
TEST(HmacSha256, GivesTheVectorsOfRfc4231) {
  EXPECT_EQ(to_hex(as_text(HmacSha256("Jefe").sign("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(as_text(HmacSha256(std::string(131, '\xaa'))
                               .sign("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, SignsTwoPartsAsOne) {
  const HmacSha256 signer("key");
  EXPECT_EQ(signer.sign("one", "two"), signer.sign("onetwo"));
  EXPECT_NE(signer.sign("one", "two"), signer.sign("onetwo!"));
}

}  // namespace
}  // namespace innkeeper
