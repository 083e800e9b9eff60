#include "demo/stays.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "demo/people.h"

namespace innkeeper::app {
namespace {

const Time now = ManualClock().now();
constexpr std::string_view agents =
    "Firefox/128.0\nChrome/126.0\tplatform=\"Windows\"\n# not one\n\nSafari/17\n";

std::vector<Stay> stays_of(std::uint64_t seed, std::size_t number) {
  return make_stays(seed, number, now, agents, [] { return false; });
}

TEST(Stays, NoMoreAreMadeWhenOneIsToldToStop) {
  int asked = 0;
  EXPECT_EQ(make_stays(1, 500, now, agents, [&asked] { return ++asked > 10; }).size(), 10u);
}

TEST(Stays, TheSameSeedGivesTheSameStays) {
  const auto first = stays_of(7, 300), second = stays_of(7, 300);
  ASSERT_EQ(first.size(), 300u);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].client, second[i].client);
    EXPECT_EQ(first[i].created_at, second[i].created_at);
  }
}

TEST(Stays, NoTimeIsInTheFutureAndEachComesAfterTheOneBefore) {
  for (const Stay& stay : stays_of(1, 500)) {
    EXPECT_LE(stay.created_at, stay.updated_at);
    EXPECT_LE(stay.updated_at, stay.last_activity);
    EXPECT_LE(stay.last_activity, now);
    if (stay.ending) {
      EXPECT_GE(stay.ending->at, stay.last_activity);
      EXPECT_LE(stay.ending->at, now);
    }
  }
}

TEST(Stays, SomeAreAliveSomeExpiredSomeEndedAndSomeVisitors) {
  const auto stays = stays_of(1, 400);
  const auto count = [&](auto which) { return std::ranges::count_if(stays, which); };
  EXPECT_GT(count([](const Stay& stay) { return !stay.ending && stay.expire_date > now; }), 200);
  EXPECT_GT(count([](const Stay& stay) { return !stay.ending && stay.expire_date <= now; }), 20);
  EXPECT_GT(count([](const Stay& stay) { return stay.ending.has_value(); }), 40);
  EXPECT_GT(count([](const Stay& stay) { return !stay.person; }), 15);
}

TEST(Stays, EverybodyHasOneThatIsAlive) {
  std::set<std::size_t> people;
  for (const Stay& stay : stays_of(1, 400)) {
    if (stay.person && !stay.ending && stay.expire_date > now) people.insert(*stay.person);
  }
  EXPECT_EQ(people.size(), demo_people().size());
}

TEST(Stays, AddressesAreOfTheDocumentationsRangesOnly) {
  const std::vector<IpNetwork> ranges{
      *IpNetwork::parse("192.0.2.0/24"), *IpNetwork::parse("198.51.100.0/24"),
      *IpNetwork::parse("203.0.113.0/24"), *IpNetwork::parse("2001:db8::/32")};
  for (const Stay& stay : stays_of(3, 500)) {
    EXPECT_TRUE(std::ranges::any_of(
        ranges, [&](const IpNetwork& net) { return net.contains(*stay.client.ip); }));
  }
}

TEST(Stays, AHintStandsBehindATab) {
  const auto stays = stays_of(1, 200);
  const auto chrome = std::ranges::find(stays, "Chrome/126.0",
                                        [](const Stay& stay) { return stay.client.user_agent; });
  ASSERT_NE(chrome, stays.end());
  EXPECT_EQ(chrome->client.client_hints, "platform=\"Windows\"");
}

}  // namespace
}  // namespace innkeeper::app
