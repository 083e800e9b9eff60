#include "web/middleware/host_check.h"

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

TEST(AllowedHost, IsAnyWhereNoneIsNamed) { EXPECT_TRUE(is_allowed_host("whatever", {})); }

TEST(AllowedHost, IgnoresCasePortAndTheLastDot) {
  const std::vector<std::string> allowed{"Example.ORG", "[::1]"};
  for (const char* host : {"example.org", "EXAMPLE.org:8000", "example.org.", "[::1]:8000"}) {
    EXPECT_TRUE(is_allowed_host(host, allowed)) << host;
  }
  for (const char* host :
       {"", "evil.example", "example.org.evil.example", "xexample.org", "a.example.org", "[::2]"}) {
    EXPECT_FALSE(is_allowed_host(host, allowed)) << host;
  }
}

TEST(AllowedHost, TakesSubdomainsAfterADot) {
  const std::vector<std::string> allowed{".Example.org"};
  EXPECT_TRUE(is_allowed_host("example.org", allowed));
  EXPECT_TRUE(is_allowed_host("a.b.example.org", allowed));
  EXPECT_FALSE(is_allowed_host("badexample.org", allowed));
  EXPECT_TRUE(is_allowed_host("anything", {"*"}));
}

}  // namespace
}  // namespace innkeeper::web
