#include "engine/snapshot.h"

#include <gtest/gtest.h>

namespace innkeeper::engine {
namespace {

Snapshot full_snapshot() {
  const Time base{std::chrono::sys_days(std::chrono::year(2030) / 1 / 2)};
  return {.id = *SessionId::parse("0123456789abcdef0123456789abcdef01234567"),
          .content = "{\"cart\":[1,2]}",
          .expire_date = base + Seconds(9),
          .user_id = "6f1c1c36-6a0a-4a5e-9a67-0d1d6d1d2e3f",
          .client = {IpAddress::parse("2001:db8::7"), "Mozilla/5.0", "platform=\"Linux\""},
          .created_at = base,
          .updated_at = base + Duration(1),
          .last_activity = base + Seconds(3),
          .version = 41};
}

TEST(Snapshot, ComesBackAsItWasPacked) {
  const Snapshot before = full_snapshot();
  const auto after = unpack_snapshot(before.id, pack_snapshot(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->content, before.content);
  EXPECT_EQ(after->user_id, before.user_id);
  EXPECT_EQ(after->client, before.client);
  EXPECT_EQ(after->version, before.version);
  EXPECT_EQ(after->expire_date, before.expire_date);
  EXPECT_EQ(after->created_at, before.created_at);
  EXPECT_EQ(after->updated_at, before.updated_at);
  EXPECT_EQ(after->last_activity, before.last_activity);
}

TEST(Snapshot, TellsNobodyFromAnEmptyNameAndNoAddressFromZero) {
  Snapshot before = full_snapshot();
  before.user_id = "";
  before.client.ip.reset();
  const auto after = unpack_snapshot(before.id, pack_snapshot(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->user_id, std::optional<UserId>(""));
  EXPECT_FALSE(after->client.ip);
}

TEST(Snapshot, RefusesEveryTruncationAndTrailingBytes) {
  const std::string bytes = pack_snapshot(full_snapshot());
  const SessionId id = full_snapshot().id;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(unpack_snapshot(id, std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(unpack_snapshot(id, bytes + "x"));
}

}  // namespace
}  // namespace innkeeper::engine
