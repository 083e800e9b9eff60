#include "web/middleware/client_middleware.h"

#include <gtest/gtest.h>

#include "web/request_state.h"

namespace innkeeper::web {
namespace {

// What the middleware finds out about `request`.
ClientInfo info_of(const http::Request& request, const session::TrustedProxies& trusted,
                   bool always_secure = false) {
  http::Context context;
  ClientInfo info;
  ClientMiddleware(trusted, always_secure)
      .handle(request, context, [&](const http::Request&, http::Context& inner) {
        info = *inner.get<ClientInfo>();
        return http::Response();
      });
  return info;
}

http::Request forwarded() {
  http::Request request;
  request.peer = "10.0.0.1";
  request.headers = {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}};
  return request;
}

const session::TrustedProxies trusted{*IpNetwork::parse("10.0.0.0/8")};

TEST(Client, IsThePeerWhereNobodyIsTrusted) {
  const ClientInfo info = info_of(forwarded(), {});
  EXPECT_EQ(info.client.ip->to_string(), "10.0.0.1");
  EXPECT_FALSE(info.secure);
}

TEST(Client, IsWhomATrustedProxyNames) {
  const ClientInfo info = info_of(forwarded(), trusted);
  EXPECT_EQ(info.client.ip->to_string(), "203.0.113.9");
  EXPECT_TRUE(info.secure);
}

TEST(Client, IsWhomATrustedProxyNamesThatComesByAUnixSocket) {
  http::Request request = forwarded();
  request.peer.clear();
  EXPECT_FALSE(info_of(request, trusted).client.ip);
  EXPECT_FALSE(info_of(request, trusted).secure);
  session::TrustedProxies sockets;
  ASSERT_TRUE(sockets.add("unix"));
  EXPECT_EQ(info_of(request, sockets).client.ip->to_string(), "203.0.113.9");
  EXPECT_TRUE(info_of(request, sockets).secure);
}

// A proxy hands on the header that it does not write as the client made it up.
TEST(Client, IsWhomTheOneHeaderNamesThatTheProxiesWrite) {
  http::Request request = forwarded();
  request.headers.emplace_back("Forwarded", "for=198.51.100.4;proto=http");
  EXPECT_EQ(info_of(request, trusted).client.ip->to_string(), "203.0.113.9");
  EXPECT_TRUE(info_of(request, trusted).secure);
  session::TrustedProxies writing_forwarded = trusted;
  ASSERT_TRUE(writing_forwarded.set_header("Forwarded"));
  EXPECT_EQ(info_of(request, writing_forwarded).client.ip->to_string(), "198.51.100.4");
  EXPECT_FALSE(info_of(request, writing_forwarded).secure);
  request.headers.pop_back();
  EXPECT_EQ(info_of(request, writing_forwarded).client.ip->to_string(), "10.0.0.1");
  EXPECT_FALSE(info_of(request, writing_forwarded).secure);
}

TEST(Client, IsNotSecureByAWordThatTheProxyOnlyPassedOn) {
  http::Request request = forwarded();
  request.headers.back() = {"X-Forwarded-Proto", "https, http"};
  EXPECT_FALSE(info_of(request, trusted).secure);
  request.headers.back() = {"X-Forwarded-Proto", "https-ish"};
  EXPECT_FALSE(info_of(request, trusted).secure);
}

TEST(Client, IsSecureWhereTheSiteSaysSo) { EXPECT_TRUE(info_of(forwarded(), {}, true).secure); }

TEST(Client, TakesNoControlCharactersFromAHeader) {
  http::Request request;
  request.headers = {{"User-Agent", "evil\x1b[2J" + std::string(2000, 'x')}};
  const ClientInfo info = info_of(request, {});
  EXPECT_EQ(info.client.user_agent.find('\x1b'), std::string::npos);
  EXPECT_LE(info.client.user_agent.size(), session::Client::text_limit);
}

}  // namespace
}  // namespace innkeeper::web
