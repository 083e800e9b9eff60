#include <gtest/gtest.h>

#include "web/middleware/csrf_middleware.h"

namespace innkeeper::web {
namespace {

TEST(SameOrigin, ComparesHostAndPort) {
  EXPECT_TRUE(is_same_origin("http://example.org", "example.org", false));
  EXPECT_TRUE(is_same_origin("http://Example.org:8000", "example.org:8000", false));
  EXPECT_TRUE(is_same_origin("https://example.org", "example.org:443", true));
  EXPECT_TRUE(is_same_origin("http://[::1]:8000", "[::1]:8000", false));
  EXPECT_FALSE(is_same_origin("http://example.org:8001", "example.org:8000", false));
  EXPECT_FALSE(is_same_origin("http://example.org.evil.example", "example.org", false));
  EXPECT_FALSE(is_same_origin("http://evil.example", "example.org", false));
  EXPECT_FALSE(is_same_origin("http://example.org@evil.example", "example.org", false));
}

TEST(SameOrigin, TakesARefererWithItsPath) {
  EXPECT_TRUE(is_same_origin("http://example.org/signin/?next=/", "example.org", false));
  EXPECT_FALSE(is_same_origin("http://evil.example/http://example.org", "example.org", false));
}

TEST(SameOrigin, RefusesWhatIsNoOrigin) {
  for (const char* origin : {"", "null", "example.org", "ftp://example.org", "http://"}) {
    EXPECT_FALSE(is_same_origin(origin, "example.org", false)) << origin;
  }
  EXPECT_FALSE(is_same_origin("http://", "", false));
}

// Over TLS a plain page of the same host may have been written by whoever sits on the network.
TEST(SameOrigin, RefusesPlainHttpWhereTheClientSpeaksTls) {
  EXPECT_FALSE(is_same_origin("http://example.org", "example.org", true));
  EXPECT_TRUE(is_same_origin("https://example.org", "example.org", false));  // TLS ends at a proxy
}

TEST(CsrfSigner, KnowsItsOwnCookies) {
  SystemRandom random;
  const CsrfSigner signer(Secret(std::string("a key")));
  const std::string cookie = signer.issue_cookie(random);
  ASSERT_TRUE(signer.nonce_in(cookie));
  EXPECT_NE(cookie, signer.issue_cookie(random));
  EXPECT_FALSE(CsrfSigner(Secret(std::string("another"))).nonce_in(cookie));
}

TEST(CsrfSigner, TakesNoCookieThatItDidNotMake) {
  const CsrfSigner signer(Secret(std::string("a key")));
  SystemRandom random;
  std::string forged = signer.issue_cookie(random);
  forged[0] = forged[0] == 'a' ? 'b' : 'a';
  for (const std::string& cookie : {forged, std::string(), std::string(32, 'a'),
                                    std::string(32, 'a') + '.', std::string(9999, '.')}) {
    EXPECT_FALSE(signer.nonce_in(cookie)) << cookie;
  }
}

TEST(CsrfSigner, BindsATokenToItsSession) {
  const CsrfSigner signer(Secret(std::string("a key")));
  EXPECT_EQ(signer.token("nonce", "session"), signer.token("nonce", "session"));
  EXPECT_NE(signer.token("nonce", "session"), signer.token("nonce", "other"));
  EXPECT_NE(signer.token("nonce", ""), signer.token("other", ""));
  // What is put in a cookie is never a token.
  SystemRandom random;
  const std::string cookie = signer.issue_cookie(random);
  EXPECT_EQ(cookie.find(signer.token(*signer.nonce_in(cookie), "")), std::string::npos);
}

}  // namespace
}  // namespace innkeeper::web
