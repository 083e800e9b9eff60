#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

TEST(IpAddress, ReadsAndWritesBothFamilies) {
  EXPECT_EQ(IpAddress::parse("203.0.113.7")->to_string(), "203.0.113.7");
  EXPECT_EQ(IpAddress::parse("2001:DB8:0:0::1")->to_string(), "2001:db8::1");
  EXPECT_EQ(IpAddress::parse("::ffff:203.0.113.7")->to_string(), "203.0.113.7");
}

TEST(IpAddress, RefusesEverythingElse) {
  for (const char* text : {"", "1.2.3", "1.2.3.4:5678", "01.2.3.4", "1.2.3.4 ", "[::1]",
                           "fe80::1%eth0", "unknown", "1.2.3.256"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string("1.2.3.4\0x", 9)));
  EXPECT_FALSE(IpAddress::parse(std::string(300, '1')));
}

TEST(IpAddress, KnowsTheLocalOnes) {
  for (const char* text : {"127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "100.64.0.1",
                           "::1", "fe80::1", "fd00::1"}) {
    EXPECT_TRUE(IpAddress::parse(text)->is_local()) << text;
  }
  for (const char* text : {"203.0.113.7", "8.8.8.8", "2001:db8::1"})
    EXPECT_FALSE(IpAddress::parse(text)->is_local()) << text;
}

TEST(IpNetwork, ContainsItsAddressesOnly) {
  const auto network = *IpNetwork::parse("203.0.113.64/26");
  EXPECT_TRUE(network.contains(*IpAddress::parse("203.0.113.64")));
  EXPECT_TRUE(network.contains(*IpAddress::parse("::ffff:203.0.113.127")));
  EXPECT_FALSE(network.contains(*IpAddress::parse("203.0.113.128")));
  EXPECT_FALSE(IpNetwork::parse("::/0")->contains(*IpAddress::parse("203.0.113.64")));
  EXPECT_TRUE(IpNetwork::parse("2001:db8::/32")->contains(*IpAddress::parse("2001:db8:ffff::1")));
}

TEST(IpNetwork, ClearsHostBitsAndGivesItsEnds) {
  const auto network = *IpNetwork::parse("10.1.2.3/8");
  EXPECT_EQ(network.to_string(), "10.0.0.0/8");
  EXPECT_EQ(network.last().to_string(), "10.255.255.255");
  EXPECT_EQ(IpNetwork::parse("2001:db8::1")->prefix_length(), 128);
}

TEST(IpNetwork, RefusesWrongPrefixes) {
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "::/129", "/8", "10.0.0/8"}) {
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
  }
}

}  // namespace
}  // namespace innkeeper
