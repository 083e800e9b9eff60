#include "cache/entry.h"

#include <gtest/gtest.h>

namespace innkeeper::cache {
namespace {

const Time noon{std::chrono::hours(24 * 365 * 60)};
constexpr std::string_view key = "innkeeper:s:0123456789012345678901234567890123456789";

EntrySealer sealer_with(const std::string& secret, const std::vector<Secret>& fallbacks = {}) {
  return EntrySealer(Secret(secret), fallbacks);
}

Entry some_entry() {
  return {EntryKind::session, {7, 1700000000000000}, noon + Seconds(60), "the body"};
}

TEST(Stamp, CompareAsBytesAsTheyDoAsNumbers) {
  const std::vector<Stamp> ascending = {{0, 0},   {0, 1},     {0, 255},    {0, 256},
                                        {1, 0},   {127, 9},   {128, 0},    {255, 0},
                                        {256, 0}, {1, ~0ull}, newest_stamp};
  for (const Stamp& left : ascending) {
    for (const Stamp& right : ascending) {
      const auto left_bytes = stamp_bytes(left), right_bytes = stamp_bytes(right);
      const std::string_view left_text(left_bytes.data(), left_bytes.size());
      const std::string_view right_text(right_bytes.data(), right_bytes.size());
      EXPECT_EQ(left < right, left_text < right_text);
    }
  }
}

TEST(Stamp, IsReadBackFromAValue) {
  const auto bytes = stamp_bytes({3, 4});
  EXPECT_EQ(stamp_of(std::string(bytes.data(), bytes.size()) + "more"), (Stamp{3, 4}));
  EXPECT_EQ(stamp_of("fifteen bytes.."), std::nullopt);
}

TEST(EntrySealer, StandsAtTheStartOfTheValueForDriversToCompare) {
  const std::string value = sealer_with("k").seal(key, some_entry());
  EXPECT_EQ(stamp_of(value), (Stamp{7, 1700000000000000}));
}

TEST(EntrySealer, OpensWhatItSealed) {
  const EntrySealer sealer = sealer_with("k");
  for (const EntryKind kind : {EntryKind::session, EntryKind::tombstone, EntryKind::feed}) {
    for (const std::string& body :
         {std::string(), std::string("\0\xff:", 3), std::string(70000, 'x')}) {
      const Entry entry{kind, newest_stamp, noon + Seconds(1), body};
      const auto opened = sealer.open(key, sealer.seal(key, entry), noon);
      ASSERT_TRUE(opened.entry);
      EXPECT_EQ(opened.entry->kind, kind);
      EXPECT_EQ(opened.entry->stamp, newest_stamp);
      EXPECT_EQ(opened.entry->expires, noon + Seconds(1));
      EXPECT_EQ(opened.entry->body, body);
    }
  }
}

// Made by Python's hmac and hashlib from docs/formats.md.
TEST(EntrySealer, WritesTheBytesOfTheDocumentedFormat) {
  const Entry entry{
      EntryKind::session, {7, 1700000000000000}, Time(Duration(1800000000000000)), "body"};
  EXPECT_EQ(to_hex(sealer_with("secret").seal("innkeeper:key", entry)),
            "000000000000000700060a24181e400001010006651728988000626f6479687c25126ac73f262e2f38ae20"
            "c52c8f");
}

TEST(EntrySealer, RefusesAnEntryWithAnyBitChanged) {
  const EntrySealer sealer = sealer_with("k");
  const std::string value = sealer.seal(key, some_entry());
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    std::string changed = value;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    const auto opened = sealer.open(key, changed, noon);
    ASSERT_FALSE(opened.entry) << "bit " << bit;
    const auto expected =
        bit / 8 == stamp_size ? EntrySealer::Refusal::other_format : EntrySealer::Refusal::forged;
    ASSERT_EQ(opened.refusal, expected) << "bit " << bit;
  }
}

TEST(EntrySealer, RefusesAnEntryThatWasMovedToAnotherKey) {
  const EntrySealer sealer = sealer_with("k");
  const std::string value = sealer.seal("innkeeper:mallory", some_entry());
  EXPECT_EQ(sealer.open("innkeeper:alice", value, noon).refusal, EntrySealer::Refusal::forged);
}

// Without a separator, key "ab" with entry "c…" and key "abc" with entry "…" would have one seal.
TEST(EntrySealer, RefusesAnEntryWhoseFirstBytesWereMovedIntoTheKey) {
  const EntrySealer sealer = sealer_with("k");
  Entry entry = some_entry();
  entry.stamp.version = 0x6100000000000000;  // begins with the letter a
  entry.expires =
      Time(Duration(0x0101010101010101));  // so that, one byte on, all fields still hold
  const std::string value = sealer.seal("key", entry);
  EXPECT_EQ(sealer.open("keya", value.substr(1), noon).refusal, EntrySealer::Refusal::forged);
}

TEST(EntrySealer, RefusesWhatAnotherSecretSealed) {
  const std::string value = sealer_with("theirs").seal(key, some_entry());
  EXPECT_EQ(sealer_with("ours").open(key, value, noon).refusal, EntrySealer::Refusal::forged);
}

TEST(EntrySealer, OpensWhatAFallbackSealedAndSealsWithTheCurrentKey) {
  const EntrySealer rotated = sealer_with("new", {Secret("older"), Secret("old")});
  EXPECT_TRUE(rotated.open(key, sealer_with("old").seal(key, some_entry()), noon).entry);
  EXPECT_TRUE(sealer_with("new").open(key, rotated.seal(key, some_entry()), noon).entry);
}

TEST(EntrySealer, RefusesAnEntryFromTheMicrosecondInWhichItExpires) {
  const EntrySealer sealer = sealer_with("k");
  const std::string value = sealer.seal(key, some_entry());
  EXPECT_TRUE(sealer.open(key, value, noon + Seconds(60) - Duration(1)).entry);
  EXPECT_EQ(sealer.open(key, value, noon + Seconds(60)).refusal, EntrySealer::Refusal::expired);
}

TEST(EntrySealer, CallsAForgedEntryForgedEvenIfItIsExpired) {
  std::string value = sealer_with("k").seal(key, some_entry());
  value.back() = static_cast<char>(value.back() ^ 1);
  EXPECT_EQ(sealer_with("k").open(key, value, noon + Seconds(99)).refusal,
            EntrySealer::Refusal::forged);
}

TEST(EntrySealer, CallsEveryTruncationRefused) {
  const EntrySealer sealer = sealer_with("k");
  const std::string value = sealer.seal(key, some_entry());
  for (std::size_t length = 0; length < value.size(); ++length) {
    EXPECT_FALSE(sealer.open(key, value.substr(0, length), noon).entry) << length;
  }
  EXPECT_EQ(sealer.open(key, value.substr(0, 41), noon).refusal, EntrySealer::Refusal::malformed);
}

TEST(EntrySealer, RefusesAKindThatItDoesNotKnow) {
  const EntrySealer sealer = sealer_with("k");
  Entry entry = some_entry();
  entry.kind = static_cast<EntryKind>(4);
  EXPECT_EQ(sealer.open(key, sealer.seal(key, entry), noon).refusal,
            EntrySealer::Refusal::malformed);
}

TEST(EntrySealer, KeepsTheKeyOutOfTheValue) {
  EXPECT_EQ(sealer_with("k").seal(key, some_entry()).find("0123456789"), std::string::npos);
}

}  // namespace
}  // namespace innkeeper::cache
