// What Django 5.2.18 wrote: 28 signed payloads (tests/data/django-5.2-payloads.json).
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "codec/json.h"
#include "codec/payload.h"
#include "tests/unit/codec/json_elements.h"

namespace innkeeper::codec {
namespace {

std::string text_of(const Fields& fields, std::string_view name) {
  const std::string* value = find(fields, name);
  EXPECT_NE(value, nullptr) << name;
  return value == nullptr ? "" : string_value(*value).value_or("");
}

class Golden : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(INNKEEPER_TEST_DATA "/django-5.2-payloads.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto canonical = canonical_json(text);
    ASSERT_TRUE(canonical);
    m_file = *parse_object(*canonical);
    m_current = text_of(m_file, "secret_key");
    m_fallback = *string_value(json_elements(*find(m_file, "fallbacks")).at(0));
    for (const std::string& vector : json_elements(*find(m_file, "payloads"))) {
      m_vectors.push_back(*parse_object(vector));
    }
    ASSERT_EQ(m_vectors.size(), 28u);
  }

  PayloadCodec codec(std::string_view key, const Fields& vector) const {
    return PayloadCodec({Secret(std::string(key)), {}, text_of(vector, "salt")});
  }
  std::string_view key_of(const Fields& vector) const {
    return text_of(vector, "key") == "current" ? m_current : m_fallback;
  }

  Fields m_file;
  std::string m_current, m_fallback;
  std::vector<Fields> m_vectors;
};

TEST_F(Golden, IsReadWithTheCurrentKeyAndItsFallback) {
  for (const Fields& vector : m_vectors) {
    const PayloadCodec both({Secret(m_current), {Secret(m_fallback)}, text_of(vector, "salt")});
    const auto content = both.decode(text_of(vector, "signed"));
    ASSERT_TRUE(content) << text_of(vector, "case") << ": " << describe(content.error());
    EXPECT_EQ(*content, *find(vector, "obj"));
    EXPECT_EQ(join_object(*parse_object(*content)), *content);
  }
}

TEST_F(Golden, IsWrittenByteForByte) {
  const Time time{Seconds(*integer_value(*find(m_file, "time")))};
  for (const Fields& vector : m_vectors) {
    const std::string written = codec(key_of(vector), vector).encode(*find(vector, "obj"), time);
    EXPECT_EQ(written, text_of(vector, "signed")) << text_of(vector, "case");
  }
}

TEST_F(Golden, IsRefusedWithoutTheFallbackThatSignedIt) {
  for (const Fields& vector : m_vectors) {
    const bool current = text_of(vector, "key") == "current";
    const auto content = codec(m_current, vector).decode(text_of(vector, "signed"));
    EXPECT_EQ(content.has_value(), current);
    if (!content) {
      EXPECT_EQ(content.error(), PayloadError::bad_signature);
    }
  }
}

TEST_F(Golden, IsRefusedUnderTheOtherSalt) {
  for (const Fields& vector : m_vectors) {
    const bool contrib = text_of(vector, "salt") == django_salt;
    const std::string other(contrib ? user_sessions_ng_salt : django_salt);
    const PayloadCodec codec({Secret(m_current), {Secret(m_fallback)}, other});
    EXPECT_EQ(codec.decode(text_of(vector, "signed")).error(), PayloadError::bad_signature);
  }
}

}  // namespace
}  // namespace innkeeper::codec
