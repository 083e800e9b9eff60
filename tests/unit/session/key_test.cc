#include "session/key.h"

#include <algorithm>
#include <unordered_set>

#include <gtest/gtest.h>

namespace innkeeper::session {
namespace {

// Counts up instead of drawing: what it gives is known.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = m_next++;
  }

 private:
  std::uint8_t m_next = 0;
};

constexpr std::string_view some_key = "abcdefghijklmnopqrstuvwxyz012345";

TEST(SessionKey, HasTheFormThatDjangoIssues) {
  CountingRandom random;
  EXPECT_EQ(SessionKey::issue(random).reveal(), "abcdefghijklmnopqrstuvwxyz012345");
}

TEST(SessionKey, IsAnotherOneEachTime) {
  SystemRandom random;
  std::unordered_set<SessionId> ids;
  for (int i = 0; i < 1000; ++i) {
    const SessionKey key = SessionKey::issue(random);
    ASSERT_TRUE(SessionKey::parse(key.reveal()));
    ids.insert(key.id());
  }
  EXPECT_EQ(ids.size(), 1000u);
}

TEST(SessionKey, IsTakenFromACookieOnlyInItsForm) {
  EXPECT_EQ(SessionKey::parse(some_key)->reveal(), some_key);
  for (const std::string& text :
       {std::string(), std::string(some_key.substr(1)), std::string(some_key) + "6",
        std::string(32, 'A'), std::string(32, ' '), std::string(31, 'a') + '-',
        std::string(31, 'a') + '\0', std::string(31, 'a') + '\n', std::string(30, 'a') + "\xc3\xab",
        std::string(1 << 20, 'a')}) {
    EXPECT_FALSE(SessionKey::parse(text));
  }
}

// printf %s abcdefghijklmnopqrstuvwxyz012345 | sha256sum | cut -c-40
TEST(SessionKey, HasItsDigestAsPublicId) {
  EXPECT_EQ(SessionKey::parse(some_key)->id().text(), "653bb1245e828fcda4fa53fcd5a3def5bd7654e6");
}

TEST(SessionKey, IsNotOpenedByItsId) {
  EXPECT_FALSE(SessionKey::parse(SessionKey::parse(some_key)->id().text()));
}

TEST(SessionId, IsFortyLowerCaseHexDigits) {
  const std::string id = SessionKey::parse(some_key)->id().text();
  EXPECT_EQ(SessionId::parse(id), SessionKey::parse(some_key)->id());
  for (const std::string& text : {std::string(), id.substr(1), id + "0", std::string(40, 'A'),
                                  std::string(40, 'g'), std::string(39, 'a') + '\0'}) {
    EXPECT_FALSE(SessionId::parse(text));
  }
}

}  // namespace
}  // namespace innkeeper::session
