#include "tests/unit/codec/random_payload.h"

#include <gtest/gtest.h>

#include "codec/payload.h"

namespace innkeeper::codec {
namespace {

constexpr int rounds = 5000;

TEST(RandomPayloads, ComeBackFromTheSignedText) {
  const PayloadCodec codec({Secret(std::string("key")), {}});
  RandomPayload random(1);
  for (int i = 0; i < rounds; ++i) {
    const Fields fields = random.fields();
    const auto content = codec.decode(codec.encode(join_object(fields), Time(Seconds(i))));
    ASSERT_TRUE(content);
    ASSERT_EQ(parse_object(*content), fields) << "round " << i;
  }
}

TEST(RandomPayloads, AreCanonicalAlready) {
  RandomPayload random(2);
  for (int i = 0; i < rounds; ++i) {
    const std::string text = join_object(random.fields());
    ASSERT_EQ(canonical_json(text), text) << "round " << i;
  }
}

TEST(RandomPayloads, AreTheSameAfterIndenting) {
  RandomPayload random(3);
  for (int i = 0; i < rounds; ++i) {
    const std::string text = join_object(random.fields());
    ASSERT_EQ(canonical_json(indented_json(text, i % 5)), text) << "round " << i;
  }
}

}  // namespace
}  // namespace innkeeper::codec
