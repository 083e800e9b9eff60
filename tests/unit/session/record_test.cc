#include "session/record.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace innkeeper::session {
namespace {

TEST(ColumnText, KeepsOrdinaryText) {
  EXPECT_EQ(column_text("Mozilla/5.0 (X11) Zoë ☕ 𝄞"), "Mozilla/5.0 (X11) Zoë ☕ 𝄞");
  EXPECT_EQ(column_text(""), "");
}

TEST(ColumnText, ReplacesControlCharacters) {
  const std::string text = std::string("a\0b\nc", 5) + "\x7f|\xc2\x85|\t";
  EXPECT_EQ(column_text(text), "a?b?c?|?|?");
}

// PostgreSQL refuses a row for one such byte.
TEST(ColumnText, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(column_text("a\xff\xfe"
                        "b\xc3"),
            "a??b?");
  EXPECT_EQ(column_text("\xed\xa0\x80"), "???");
}

TEST(ColumnText, CutsBetweenCharacters) {
  EXPECT_EQ(column_text(std::string(600, 'x')), std::string(512, 'x'));
  EXPECT_EQ(column_text(std::string(511, 'x') + "ë"), std::string(511, 'x'));
  EXPECT_EQ(column_text(std::string(510, 'x') + "ëy"), std::string(510, 'x') + "ë");
}

TEST(ColumnText, IsUtf8WithinTheLimitWhateverComes) {
  std::string bytes;
  for (unsigned i = 0; i < 5000; ++i) {
    bytes += static_cast<char>((i * i * 2654435761u) >> 16);
    const std::string text = column_text(std::string_view(bytes).substr(i / 2));
    ASSERT_TRUE(is_utf8(text));
    ASSERT_LE(text.size(), Client::text_limit);
    ASSERT_EQ(column_text(text), text);
  }
}

TEST(OtherClient, IsWhatWasKnownAndIsSomethingElse) {
  const Client firefox{IpAddress::parse("192.0.2.1"), "Firefox", "platform=\"Linux\""};
  EXPECT_FALSE(is_other_client(firefox, firefox));
  for (const Client& other : {Client{IpAddress::parse("192.0.2.2"), "Firefox", ""},
                              Client{firefox.ip, "Chrome", firefox.client_hints},
                              Client{firefox.ip, "Firefox", "platform=\"Windows\""}}) {
    EXPECT_TRUE(is_other_client(firefox, other));
  }
}

TEST(OtherClient, IsNotWhatWasUnknownOnOneSide) {
  const Client firefox{IpAddress::parse("192.0.2.1"), "Firefox", "platform=\"Linux\""};
  EXPECT_FALSE(is_other_client({}, firefox));
  EXPECT_FALSE(is_other_client(firefox, {}));
}

}  // namespace
}  // namespace innkeeper::session
