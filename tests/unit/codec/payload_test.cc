#include "codec/payload.h"

#include <set>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/error.h"

namespace innkeeper::codec {
namespace {

constexpr Time moment{Seconds(1'700'000'000)};

PayloadKeys keys(std::string current, std::vector<std::string> fallbacks = {}) {
  PayloadKeys keys{Secret(std::move(current)), {}};
  for (std::string& fallback : fallbacks) keys.fallbacks.emplace_back(std::move(fallback));
  return keys;
}

PayloadError refusal(const PayloadCodec& codec, std::string_view text) {
  const auto content = codec.decode(text);
  EXPECT_FALSE(content) << text;
  return content ? PayloadError{} : content.error();
}

// Signs anything, as whoever has the key can: what stands behind the signature is not to be
// believed either.
std::string signed_by_hand(std::string text, std::string_view key) {
  const std::string material = std::string(django_salt) + "signer" + std::string(key);
  const HmacSha256 signer(as_text(sha256(material)));
  const std::string signature = base64_encode(as_text(signer.sign(text)), Base64::url);
  return text + ":" + signature;
}

TEST(Payload, ReadsWhatItWrote) {
  const PayloadCodec codec(keys("key"));
  for (const std::string& content :
       {std::string("{}"), std::string(), std::string("{\"a\":\"") + std::string(5000, 'x') + "\"}",
        std::string("\0\xff\x80", 3)}) {
    EXPECT_EQ(codec.decode(codec.encode(content, moment)), content);
  }
}

TEST(Payload, CompressesOnlyWhereMoreThanOneByteIsSaved) {
  const PayloadCodec codec(keys("key"));
  EXPECT_FALSE(codec.encode("{}", moment).starts_with('.'));
  EXPECT_TRUE(codec.encode(std::string(100, 'x'), moment).starts_with('.'));
  // zlib makes 11 bytes of 12 to 258 equal ones: 13 bytes save more than one, 12 save but the dot.
  EXPECT_FALSE(codec.encode(std::string(12, 'x'), moment).starts_with('.'));
  EXPECT_TRUE(codec.encode(std::string(13, 'x'), moment).starts_with('.'));
}

TEST(Payload, KeepsWholeSecondsOfItsTime) {
  const PayloadCodec codec(keys("key"));
  EXPECT_NE(codec.encode("{}", moment + Duration(999'999)).find(":1r31eq:"), std::string::npos);
  EXPECT_NE(codec.encode("{}", Time{}).find(":0:"), std::string::npos);
  EXPECT_NE(codec.encode("{}", Time(Duration(-1))).find(":-1:"), std::string::npos);
  EXPECT_TRUE(codec.decode(codec.encode("{}", Time(Duration(-1)))));
}

TEST(Payload, IsSignedWithTheCurrentKeyAndReadWithEveryKey) {
  const PayloadCodec old_codec(keys("old")), new_codec(keys("new", {"older", "old"}));
  EXPECT_EQ(new_codec.decode(old_codec.encode("{}", moment)), "{}");
  EXPECT_EQ(refusal(old_codec, new_codec.encode("{}", moment)), PayloadError::bad_signature);
}

TEST(Payload, RefusesEveryChangedByte) {
  const PayloadCodec codec(keys("key"));
  const std::string text = codec.encode(R"({"_auth_user_id":"1"})", moment);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char other : {'A', 'B', '.', ':', '\0', '\xff'}) {
      std::string changed = text;
      if (changed[i] == other) continue;
      changed[i] = other;
      EXPECT_FALSE(codec.decode(changed)) << i;
    }
    EXPECT_FALSE(codec.decode(text.substr(0, i)));
  }
}

// Four spellings of a signature's last character decode to the same bytes; only one of them is
// Django's.
TEST(Payload, RefusesAnotherSpellingOfTheSignature) {
  const PayloadCodec codec(keys("key"));
  std::string text = codec.encode("{}", moment);
  int accepted = 0;
  for (const char last :
       std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    text.back() = last;
    accepted += codec.decode(text) ? 1 : 0;
  }
  EXPECT_EQ(accepted, 1);
}

TEST(Payload, NamesWhatIsMalformed) {
  const PayloadCodec codec(keys("key"));
  for (const char* text : {"", ":", "::", "a", "a:b", "e30:1r31eq", "e30::sig", "e30:1r!:sig",
                           "e30:-:sig", "e30:1r31eq:s=g", "e30:1r31eq:s g", "e30:1r31eq:sig\n"}) {
    EXPECT_EQ(refusal(codec, text), PayloadError::malformed) << text;
  }
  EXPECT_EQ(refusal(codec, signed_by_hand("e!0:1r31eq", "key")), PayloadError::malformed);
  EXPECT_EQ(refusal(codec, signed_by_hand("e30=:1r31eq", "key")), PayloadError::malformed);
  EXPECT_EQ(refusal(codec, signed_by_hand("a:b:1r31eq", "key")), PayloadError::malformed);
}

TEST(Payload, RefusesWhatDoesNotInflate) {
  const PayloadCodec codec(keys("key"));
  EXPECT_EQ(refusal(codec, signed_by_hand(".e30:1r31eq", "key")), PayloadError::bad_compression);
  EXPECT_EQ(refusal(codec, signed_by_hand(".:1r31eq", "key")), PayloadError::bad_compression);
  const std::string whole = codec.encode(std::string(5000, 'x'), moment);
  const std::string content = whole.substr(0, whole.find(':'));
  for (std::size_t length = 1; length + 1 < content.size(); ++length) {
    const std::string cut = signed_by_hand(content.substr(0, length) + ":1r31eq", "key");
    const auto error = refusal(codec, cut);
    EXPECT_TRUE(error == PayloadError::bad_compression || error == PayloadError::malformed);
  }
}

TEST(Payload, BoundsWhatItReads) {
  PayloadLimits limits;
  limits.signed_bytes = 1000;
  limits.content_bytes = 10'000;
  const PayloadCodec small(keys("key"), limits), large(keys("key"));
  EXPECT_EQ(refusal(small, std::string(1001, 'x')), PayloadError::too_large);
  EXPECT_TRUE(small.decode(large.encode(std::string(10'000, 'x'), moment)));
  EXPECT_EQ(refusal(small, large.encode(std::string(10'001, 'x'), moment)),
            PayloadError::inflates_too_large);
}

// A kilobyte in the column can stand for a megabyte; the limit stops it long before that is in
// memory.
TEST(Payload, StopsABombAtTheLimit) {
  const PayloadCodec codec(keys("key"), {4u << 20, 1u << 20});
  const PayloadCodec careless(keys("key"), {64u << 20, 64u << 20});
  const std::string bomb = careless.encode(std::string(64u << 20, '\0'), moment);
  EXPECT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(refusal(codec, bomb), PayloadError::inflates_too_large);
}

TEST(Payload, NeverWritesWhatItWouldRefuse) {
  const PayloadCodec codec(keys("key"), {200, 1000});
  EXPECT_THROW((void)codec.encode(std::string(1001, 'x'), moment), Error);
  std::string random;
  for (unsigned i = 0; i < 300; ++i) random += static_cast<char>(i * i * 2654435761u >> 13);
  EXPECT_THROW((void)codec.encode(random, moment), Error);
  EXPECT_TRUE(codec.decode(codec.encode(std::string(1000, 'x'), moment)));
}

// HMAC with an empty key is a signature that anybody can make.
TEST(Payload, TakesNoEmptyKey) {
  EXPECT_THROW(PayloadCodec(keys("")), ConfigError);
  EXPECT_THROW(PayloadCodec(keys("key", {""})), ConfigError);
}

TEST(Payload, DescribesEveryErrorInItsOwnWords) {
  std::set<std::string_view> texts;
  for (const auto error :
       {PayloadError::too_large, PayloadError::malformed, PayloadError::bad_signature,
        PayloadError::bad_compression, PayloadError::inflates_too_large}) {
    texts.insert(describe(error));
  }
  EXPECT_EQ(texts.size(), 5u);
}

}  // namespace
}  // namespace innkeeper::codec
