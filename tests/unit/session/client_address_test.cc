#include "session/client_address.h"

#include <gtest/gtest.h>

namespace innkeeper::session {
namespace {

std::string shown(const std::optional<IpAddress>& address) {
  return address ? address->to_string() : "none";
}

std::string hop(std::string_view text) { return shown(parse_hop(text)); }

TrustedProxies networks(std::initializer_list<const char*> texts) {
  TrustedProxies trusted;
  for (const char* text : texts) EXPECT_TRUE(trusted.add(text));
  return trusted;
}

// The site's proxies: a load balancer in 10/8, and one on IPv6.
const TrustedProxies& proxies() {
  static const TrustedProxies trusted = networks({"10.0.0.0/8", "2001:db8:ffff::/48"});
  return trusted;
}

TrustedProxies writing_forwarded(TrustedProxies trusted) {
  EXPECT_TRUE(trusted.set_header("Forwarded"));
  return trusted;
}

std::string client(std::string_view peer, std::string_view x_forwarded_for) {
  return shown(client_address(peer, x_forwarded_for, proxies()));
}

std::string client_of_forwarded(std::string_view peer, std::string_view forwarded) {
  return shown(client_address(peer, forwarded, writing_forwarded(proxies())));
}

TEST(ParseHop, ReadsEveryCommonSpelling) {
  EXPECT_EQ(hop("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(hop(" \t203.0.113.7 "), "203.0.113.7");
  EXPECT_EQ(hop("203.0.113.7:5678"), "203.0.113.7");
  EXPECT_EQ(hop("2001:DB8::7"), "2001:db8::7");
  EXPECT_EQ(hop("[2001:db8::7]"), "2001:db8::7");
  EXPECT_EQ(hop("[2001:db8::7]:443"), "2001:db8::7");
  EXPECT_EQ(hop("\"[2001:db8::7]:443\""), "2001:db8::7");
  EXPECT_EQ(hop("\"203.0.113.7\""), "203.0.113.7");
  EXPECT_EQ(hop("203.0.113.7:_port-1.x"), "203.0.113.7");
}

TEST(ParseHop, DropsZones) {
  EXPECT_EQ(hop("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(hop("[fe80::1%25eth0]:80"), "fe80::1");
  EXPECT_EQ(hop("[fe80::1%eth0.1]:80"), "fe80::1");
}

TEST(ParseHop, SeesTheIpv4AddressInAMappedOne) {
  EXPECT_EQ(hop("::ffff:203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(hop("[::ffff:cb00:7107]:80"), "203.0.113.7");
}

TEST(ParseHop, RefusesJunk) {
  for (const char* text : {"",
                           " ",
                           "unknown",
                           "_hidden",
                           "localhost",
                           "203.0.113",
                           "203.0.113.7.8",
                           "203.0.113.256",
                           "0203.0.113.7",
                           "203.0.113.7:",
                           "203.0.113.7:x",
                           "203.0.113.7:123456",
                           "203.0.113.7:-1",
                           "203.0.113.7:_",
                           "203.0.113.7%eth0",
                           "203.0.113.7/24",
                           "203.0.113.7 x",
                           "[203.0.113.7]",
                           "[2001:db8::7",
                           "2001:db8::7]",
                           "[2001:db8::7]443",
                           "[2001:db8::7]:",
                           "[]",
                           "[]:80",
                           "[[2001:db8::7]]",
                           "2001:db8::7%",
                           "2001:db8::7%a%b",
                           "2001:db8::7%a b",
                           "2001:db8:::7",
                           "1:2:3:4:5:6:7:8:9",
                           "\"203.0.113.7",
                           "203.0.113.7\"",
                           "\"\"",
                           "\"",
                           "for=203.0.113.7",
                           "<script>",
                           "203.0.113.7\r\nX: y",
                           "0x7f.1",
                           "127.1",
                           "2130706433",
                           ":",
                           "::1::",
                           "%"}) {
    EXPECT_EQ(hop(text), "none") << text;
  }
  EXPECT_EQ(hop(std::string_view("203.0.113.7\0", 12)), "none");
  EXPECT_EQ(hop(std::string(100'000, '1')), "none");
  EXPECT_EQ(hop("::1%" + std::string(100'000, 'z')), "none");
}

TEST(ClientAddress, IsThePeerWhereNoProxyIsTrusted) {
  EXPECT_EQ(shown(client_address("203.0.113.9", "6.6.6.6", {})), "203.0.113.9");
  EXPECT_EQ(shown(client_address("203.0.113.9", "for=6.6.6.6", writing_forwarded({}))),
            "203.0.113.9");
  EXPECT_EQ(shown(client_address("10.0.0.1", "6.6.6.6", {})), "10.0.0.1");
}

TEST(ClientAddress, IsThePeerWhereItIsNoTrustedProxy) {
  EXPECT_EQ(client("203.0.113.9", "6.6.6.6"), "203.0.113.9");
  EXPECT_EQ(client_of_forwarded("203.0.113.9", "for=6.6.6.6"), "203.0.113.9");
}

TEST(ClientAddress, IsWhatTheProxySaw) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "for=203.0.113.7;proto=https"), "203.0.113.7");
  EXPECT_EQ(client("2001:db8:ffff::1", "2001:db8::7"), "2001:db8::7");
  EXPECT_EQ(client("::ffff:10.0.0.1", "203.0.113.7"), "203.0.113.7");
}

// The leftmost entry is what the client made up; the naive reading believes it.
TEST(ClientAddress, IsFoundFromTheRight) {
  EXPECT_EQ(client("10.0.0.1", "6.6.6.6, 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", "10.9.9.9, 6.6.6.6, 203.0.113.7, 10.0.0.2"), "203.0.113.7");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "for=6.6.6.6, for=203.0.113.7, for=10.0.0.2"),
            "203.0.113.7");
}

TEST(ClientAddress, IsTheFarthestProxyWhereAllAreTrusted) {
  EXPECT_EQ(client("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
}

TEST(ClientAddress, StopsAtTheProxyThatReportedJunk) {
  for (const char* junk : {"unknown", "_hidden", "", " ", "1.2.3", "6.6.6.6 6.6.6.6", "\"", ";"}) {
    EXPECT_EQ(client("10.0.0.1", std::string("6.6.6.6,") + junk + ",10.0.0.2"), "10.0.0.2") << junk;
    EXPECT_EQ(client_of_forwarded("10.0.0.1", std::string("for=6.6.6.6,for=") + junk), "10.0.0.1")
        << junk;
  }
  EXPECT_EQ(client("10.0.0.1", ","), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", "6.6.6.6,"), "10.0.0.1");
}

TEST(ClientAddress, ReadsPortsAndBracketsOnTheWay) {
  EXPECT_EQ(client("10.0.0.1:443", "203.0.113.7:5678, [2001:db8:ffff::2]:80"), "203.0.113.7");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "for=\"[2001:db8::7]:4711\", for=10.0.0.2"),
            "2001:db8::7");
}

// nginx, Traefik, Caddy and Envoy write X-Forwarded-For and hand on a Forwarded that the client
// made up; a proxy that writes Forwarded hands on an X-Forwarded-For. What the header of the one
// kind holds is never read as one of the other.
TEST(ClientAddress, IsReadInTheFormOfTheHeaderThatTheProxiesWrite) {
  EXPECT_EQ(client("10.0.0.1", "for=203.0.113.7"), "10.0.0.1");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "203.0.113.7"), "10.0.0.1");
}

TEST(ClientAddress, IsNotHiddenByAnOpenQuote) {
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "for=6.6.6.6;x=\", for=203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", "for=6.6.6.6;x=\", for=\"[2001:db8::7]\""),
            "2001:db8::7");
}

TEST(ClientAddress, IsNoneWhereThePeerIsNone) {
  for (const char* peer : {"", "unix:", "localhost"}) EXPECT_EQ(client(peer, "6.6.6.6"), "none");
}

TEST(ClientAddress, IsWhatATrustedProxyNamesThatComesByAUnixSocket) {
  const TrustedProxies trusted = networks({"unix", "10.0.0.0/8"});
  const auto named = [&](std::string_view list) {
    return shown(client_address("", list, trusted));
  };
  EXPECT_EQ(named("6.6.6.6, 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(named("203.0.113.7, 10.0.0.2"), "203.0.113.7") << "a proxy before the proxy";
  EXPECT_EQ(shown(client_address("", "for=203.0.113.7", writing_forwarded(trusted))),
            "203.0.113.7");
  for (const char* list : {"", "unknown", "6.6.6.6, unknown"}) EXPECT_EQ(named(list), "none");
  EXPECT_EQ(shown(client_address("localhost", "6.6.6.6", trusted)), "none");
  EXPECT_EQ(shown(client_address("198.51.100.1", "6.6.6.6", trusted)), "198.51.100.1");
}

TEST(TrustedProxies, TakeAddressesNetworksAndOneWord) {
  TrustedProxies trusted;
  for (const char* word : {"", "Unix", "unix:", "localhost", "10.0.0.0/33"})
    EXPECT_FALSE(trusted.add(word)) << word;
  EXPECT_FALSE(trusted.trusts_peer(""));
  EXPECT_TRUE(trusted.add("unix"));
  EXPECT_TRUE(trusted.trusts_peer(""));
  EXPECT_FALSE(trusted.trusts_peer("10.0.0.1"));
}

TEST(TrustedProxies, WriteOneOfTwoHeaders) {
  TrustedProxies trusted;
  EXPECT_EQ(trusted.address_header(), "X-Forwarded-For");
  EXPECT_EQ(trusted.scheme_header(), "X-Forwarded-Proto");
  EXPECT_TRUE(trusted.set_header("Forwarded"));
  for (const char* name : {"", "forwarded", "HTTP_X_FORWARDED_FOR", "X-Real-IP"}) {
    EXPECT_FALSE(trusted.set_header(name)) << name;
    EXPECT_EQ(trusted.address_header(), "Forwarded") << name;
    EXPECT_EQ(trusted.scheme_header(), "Forwarded") << name;
  }
}

TEST(ForwardedHttps, IsWhatTheProxyNextToUsSaysLast) {
  const auto x_proto = [](std::string_view peer, std::string_view header) {
    return is_forwarded_https(peer, header, proxies());
  };
  EXPECT_TRUE(x_proto("10.0.0.1", "https"));
  EXPECT_TRUE(x_proto("10.0.0.1", "http, HTTPS"));
  EXPECT_FALSE(x_proto("203.0.113.9", "https"));
  for (const char* said : {"", "https, http", "https-ish", "https,", "proto=https"})
    EXPECT_FALSE(x_proto("10.0.0.1", said)) << said;
}

TEST(ForwardedHttps, IsTheProtoOfForwardedWhereTheProxiesWriteThat) {
  const auto proto = [](std::string_view peer, std::string_view header) {
    return is_forwarded_https(peer, header, writing_forwarded(proxies()));
  };
  EXPECT_TRUE(proto("10.0.0.1", "for=203.0.113.7;proto=https"));
  EXPECT_TRUE(proto("10.0.0.1", "for=6.6.6.6;proto=http, for=203.0.113.7; Proto=\"HTTPS\""));
  EXPECT_FALSE(proto("203.0.113.9", "proto=https"));
  for (const char* said : {"", "https", "proto=https, for=203.0.113.7", "proto=https;proto=http",
                           "proto=https;", "proto=httpsx", "for=6.6.6.6;x=\", proto=http"})
    EXPECT_FALSE(proto("10.0.0.1", said)) << said;
}

TEST(ClientAddress, TakesLongHeadersInItsStride) {
  std::string hops;
  for (int i = 0; i < 100'000; ++i) hops += "10.0.0.2,";
  EXPECT_EQ(client("10.0.0.1", "203.0.113.7," + hops + "10.0.0.3"), "203.0.113.7");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", std::string(1'000'000, '"')), "10.0.0.1");
  EXPECT_EQ(client_of_forwarded("10.0.0.1", std::string(1'000'000, '\\')), "10.0.0.1");
}

}  // namespace
}  // namespace innkeeper::session
