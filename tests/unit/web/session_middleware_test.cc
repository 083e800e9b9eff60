// Django's cookie semantics, each rule by itself. What the handler inside does is the test's.
#include "web/middleware/session_middleware.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/site.h"

namespace innkeeper::web {
namespace {

class SessionCookie : public testing::Test {
 protected:
  using Work = std::function<void(SessionInHand&)>;

  http::Response request(const Work& work, int status = 200) {
    http::Request request;
    if (!m_cookie.empty()) request.headers.emplace_back("Cookie", "sessionid=" + m_cookie);
    http::Context context;
    const auto client = std::make_shared<ClientInfo>();
    client->secure = m_https;
    context.put(client);
    const Services services = this->services();
    http::Response response = SessionMiddleware(services).handle(
        request, context, [&](const http::Request&, http::Context& inner) {
          work(*inner.get<SessionInHand>());
          return http::Response::text("", status);
        });
    return response;
  }
  Services services() {
    return {m_options,    m_site.engine(), m_site.accounts(), m_site.devices(), m_site.locations(),
            m_site.clock, m_site.random,   m_site.log,        Templates()};
  }
  // Keeps what the answer sets, as a browser would; the cookie's attributes.
  std::string keep(const http::Response& response) {
    const std::string header(response.header("Set-Cookie").value_or(""));
    const std::size_t end = header.find(';');
    if (header.starts_with("sessionid=")) m_cookie = header.substr(10, end - 10);
    return header.substr(std::min(end, header.size()));
  }
  // What a sign-in does, in another request.
  void rotate() {
    engine::Session session = m_site.engine().open(m_cookie);
    m_site.engine().rotate_key(session, {});
    const std::vector<store::Value> now{m_site.clock.now()};  // the trigger asks no such clock
    const auto connection = m_site.engine().database().connect(store::Access::write);
    connection->execute("UPDATE innkeeper_ended SET ended_at = ?", now);
  }
  static void put(SessionInHand& session) { session.get().set("cart", "[1]"); }
  static void look(SessionInHand& session) { session.get().get("cart"); }
  static void nothing(SessionInHand&) {}

  test::Site m_site;
  SiteOptions m_options;
  std::string m_cookie;
  bool m_https = false;
};

TEST_F(SessionCookie, IsNotTouchedByARequestThatDoesNotLook) {
  keep(request(put));
  const http::Response response = request(nothing);
  EXPECT_EQ(response.header("Vary"), std::nullopt);
  EXPECT_EQ(response.header("Set-Cookie"), std::nullopt);
}

TEST_F(SessionCookie, IsSetWhenTheSessionWasModified) {
  const http::Response response = request(put);
  EXPECT_EQ(response.header("Vary"), "Cookie");
  const std::string attributes = keep(response);
  EXPECT_EQ(m_cookie.size(), 32u);
  EXPECT_NE(attributes.find("Max-Age=1209600"), std::string::npos);
  EXPECT_NE(attributes.find("HttpOnly"), std::string::npos);
  EXPECT_NE(attributes.find("SameSite=Lax"), std::string::npos);
  EXPECT_EQ(attributes.find("Secure"), std::string::npos);
}

TEST_F(SessionCookie, IsNotSetByALook) {
  keep(request(put));
  const http::Response response = request(look);
  EXPECT_EQ(response.header("Vary"), "Cookie");
  EXPECT_EQ(response.header("Set-Cookie"), std::nullopt);
}

TEST_F(SessionCookie, IsSetByEveryRequestWhereTheSiteWantsThat) {
  keep(request(put));
  m_options.save_every_request = true;
  EXPECT_TRUE(request(look).header("Set-Cookie"));
}

TEST_F(SessionCookie, IsNotSetForAnEmptySession) {
  m_options.save_every_request = true;
  EXPECT_EQ(request(look).header("Set-Cookie"), std::nullopt);
}

TEST_F(SessionCookie, OfAnEmptiedSessionIsDeleted) {
  keep(request(put));
  const http::Response response = request([](SessionInHand& session) { session.get().clear(); });
  EXPECT_NE(response.header("Set-Cookie")->find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(response.header("Vary"), "Cookie");
}

// A copy of the cookie must not open what was cleared away.
TEST_F(SessionCookie, OfAnEmptiedSessionOpensItNoMore) {
  keep(request(put));
  const std::string copy = m_cookie;
  request([](SessionInHand& session) { session.get().clear(); });
  m_cookie = copy;
  bool exists = true, empty = false;
  request([&](SessionInHand& session) {
    exists = session.get().exists();
    empty = session.get().get("cart") == nullptr;
  });
  EXPECT_FALSE(exists);
  EXPECT_TRUE(empty);
}

TEST_F(SessionCookie, OfAnEmptiedSessionStaysAfterAServerError) {
  keep(request(put));
  const auto clear = [](SessionInHand& session) { session.get().clear(); };
  EXPECT_EQ(request(clear, 500).header("Set-Cookie"), std::nullopt);
  bool kept = false;
  request([&](SessionInHand& session) { kept = session.get().get("cart") != nullptr; });
  EXPECT_TRUE(kept);
}

// The key that signed it may have been forgotten in SECRET_KEY_FALLBACKS.
TEST_F(SessionCookie, OfARefusedPayloadStaysAndSoDoesThePayload) {
  keep(request(put));
  const auto data = [&] {
    const auto rows = m_site.engine()
                          .database()
                          .connect(store::Access::read)
                          ->query("SELECT session_data FROM innkeeper_session", {});
    return store::as_text(rows.at(0).at(0), "session_data");
  };
  const std::string foreign = "e30:1r31eq:signed-with-another-key";
  const std::vector<store::Value> values{foreign};
  m_site.engine()
      .database()
      .connect(store::Access::write)
      ->execute("UPDATE innkeeper_session SET session_data = ?", values);
  EXPECT_EQ(request(look).header("Set-Cookie"), std::nullopt);
  m_options.save_every_request = true;
  EXPECT_EQ(request(look).header("Set-Cookie"), std::nullopt);
  EXPECT_EQ(data(), foreign);
  EXPECT_TRUE(request(put).header("Set-Cookie"));
  EXPECT_NE(data(), foreign);
}

TEST_F(SessionCookie, OfNobodyIsDeletedAndNeverBecomesAKey) {
  for (const std::string& forged : {std::string(32, 'a'), std::string("x"), std::string(8000, 'a'),
                                    std::string("'; DROP TABLE x")}) {
    m_cookie = forged;
    EXPECT_NE(request(look).header("Set-Cookie")->find("Max-Age=0"), std::string::npos) << forged;
    keep(request(put));
    EXPECT_NE(m_cookie, forged);
    EXPECT_EQ(m_cookie.size(), 32u);
  }
}

TEST_F(SessionCookie, IsNotSavedForAServerError) {
  keep(request(put));
  const auto change = [](SessionInHand& session) { session.get().set("cart", "[2]"); };
  EXPECT_EQ(request(change, 500).header("Set-Cookie"), std::nullopt);
  std::string cart;
  request([&](SessionInHand& session) { cart = *session.get().get("cart"); });
  EXPECT_EQ(cart, "[1]");
}

TEST_F(SessionCookie, LivesUntilTheBrowserClosesWhereTheSessionSaysSo) {
  const std::string attributes = keep(request([](SessionInHand& session) {
    put(session);
    session.get().set_expiry(0);
  }));
  EXPECT_EQ(attributes.find("Max-Age"), std::string::npos);
}

TEST_F(SessionCookie, CarriesTheSitesOptions) {
  m_options.cookie.domain = "example.org";
  m_options.cookie.path = "/app/";
  m_options.cookie.secure = true;
  m_options.cookie.same_site = "Strict";
  EXPECT_NE(std::string(*request(put).header("Set-Cookie"))
                .find("Domain=example.org; Path=/app/; Secure; HttpOnly; SameSite=Strict"),
            std::string::npos);
}

TEST_F(SessionCookie, IsSecureOverHttpsWhateverTheOptionsForgot) {
  EXPECT_EQ(request(put).header("Set-Cookie")->find("; Secure"), std::string::npos);
  m_https = true;
  EXPECT_NE(request(put).header("Set-Cookie")->find("; Secure"), std::string::npos);
}

TEST_F(SessionCookie, OfASessionThatWasEndedMeanwhileIsDeleted) {
  keep(request(put));
  const http::Response response = request([&](SessionInHand& session) {
    session.get().set("cart", "[2]");
    m_site.engine().revoke(session.get().snapshot()->id, {});
  });
  EXPECT_NE(response.header("Set-Cookie")->find("Max-Age=0"), std::string::npos);
  bool exists = true;
  request([&](SessionInHand& session) { exists = session.get().exists(); });
  EXPECT_FALSE(exists);
}

// The answer to the sign-in may have come first, and a browser has one cookie of the name.
TEST_F(SessionCookie, StaysWhereTheKeyWasRotatedInAnotherRequest) {
  keep(request(put));
  rotate();
  EXPECT_EQ(request(look).header("Set-Cookie"), std::nullopt);
}

TEST_F(SessionCookie, StaysWhereTheKeyIsRotatedMeanwhile) {
  keep(request(put));
  const http::Response response = request([&](SessionInHand& session) {
    session.get().set("cart", "[2]");
    rotate();
  });
  EXPECT_EQ(response.header("Set-Cookie"), std::nullopt);
}

TEST_F(SessionCookie, NotesActivityApartFromThePayload) {
  keep(request(put));
  const auto seen = [&] {
    store::SessionPlace page;
    return m_site.engine().list({}, page).sessions.at(0);
  };
  const auto before = seen();
  m_site.clock.advance(std::chrono::hours(1));
  request(look);
  EXPECT_EQ(seen().last_activity, m_site.clock.now());
  EXPECT_EQ(seen().updated_at, before.updated_at);
}

}  // namespace
}  // namespace innkeeper::web
