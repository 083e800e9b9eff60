// Every route of the site, driven over real connections as a browser would; the staff's are in
// web_site_staff_test.cc, trouble with the database in web_site_database_test.cc.
#include "web_site.h"

#include <gtest/gtest.h>

namespace innkeeper {
namespace {

using test::Browser;
using test::chrome;
using test::id_in;
using test::Page;
using WebSite = test::WebSite;

// --- signing in and out ------------------------------------------------------------------------

TEST_F(WebSite, LeadsAVisitorToTheSignInPageAndBack) {
  m_site.add_user("ada", true);
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/").header("Location"), "/account/sessions/");
  const Page asked = visitor.get("/admin/sessions/?validity=active");
  EXPECT_EQ(asked.status, 303);
  EXPECT_EQ(asked.header("Location"), "/signin/?next=%2Fadmin%2Fsessions%2F%3Fvalidity%3Dactive");
  const Page form = visitor.follow(asked);
  EXPECT_EQ(form.status, 200);
  EXPECT_TRUE(form.has("value=\"/admin/sessions/?validity=active\""));
  const Page done = visitor.post("/signin/", {{"username", "ada"},
                                              {"password", "correct horse"},
                                              {"next", "/admin/sessions/?validity=active"}});
  EXPECT_EQ(done.header("Location"), "/admin/sessions/?validity=active");
  EXPECT_EQ(visitor.follow(done).status, 200);
}

TEST_F(WebSite, MakesNoRowForAVisitor) {
  Browser visitor = browser();
  visitor.get("/signin/");
  EXPECT_FALSE(visitor.cookies.contains("sessionid"));
  EXPECT_TRUE(visitor.cookies.contains("csrftoken"));
  EXPECT_EQ(sessions(), 0);
}

TEST_F(WebSite, SaysTheSameForAWrongNameAndAWrongPassword) {
  m_site.add_user("ada");
  Browser visitor = browser();
  const Page wrong_name = visitor.sign_in("nobody", "correct horse");
  const Page wrong_password = visitor.sign_in("ada", "wrong");
  EXPECT_EQ(wrong_name.status, 422);
  EXPECT_EQ(wrong_password.status, 422);
  const std::string message = "That name and password don’t match an account.";
  EXPECT_TRUE(wrong_name.has(message));
  EXPECT_TRUE(wrong_password.has(message));
  EXPECT_FALSE(m_site.log.mentions("nobody"));
  EXPECT_FALSE(m_site.log.mentions("wrong"));
  EXPECT_EQ(m_site.log.count("innkeeper.security", "sign-in refused for 127.0.0.1"), 2);
}

TEST_F(WebSite, EscapesWhatSomebodyTypesAsName) {
  Browser visitor = browser();
  const Page page = visitor.sign_in("<script>\"'", "x");
  EXPECT_EQ(page.status, 422);
  EXPECT_FALSE(page.has("<script>"));
}

TEST_F(WebSite, LeavesTheSiteForNoNext) {
  m_site.add_user("ada");
  for (const char* next : {"https://evil.example/", "//evil.example/", "/\\evil.example",
                           "/\t/evil.example", "javascript:alert(1)"}) {
    Browser visitor = browser();
    visitor.get("/signin/?next=" + http::percent_encode(next));
    const Page done = visitor.post(
        "/signin/", {{"username", "ada"}, {"password", "correct horse"}, {"next", next}});
    EXPECT_EQ(done.header("Location"), "/account/sessions/") << next;
    EXPECT_EQ(visitor.get("/signin/?next=" + http::percent_encode(next)).header("Location"),
              "/account/sessions/")
        << next;
  }
}

TEST_F(WebSite, GivesAFreshKeyAtSignInAndTakesNoPlantedOne) {
  m_site.add_user("bob");
  // A session of the attacker's making, planted into the victim's browser.
  engine::Session session = m_site.engine().open(std::nullopt);
  session.set("cart", "[1]");
  m_site.engine().save(session, {});
  const std::string planted(session.key()->reveal());
  Browser victim = browser();
  victim.cookies["sessionid"] = planted;
  EXPECT_EQ(victim.sign_in("bob", "correct horse").status, 303);
  EXPECT_NE(victim.cookies["sessionid"], planted);
  EXPECT_TRUE(victim.get("/account/sessions/").has("Signed in as <b>bob</b>"));
  Browser attacker = browser();
  attacker.cookies["sessionid"] = planted;
  EXPECT_EQ(attacker.get("/account/sessions/").status, 303);
}

TEST_F(WebSite, SignsOutByPostAlone) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  user.get("/account/sessions/");
  EXPECT_EQ(user.get("/signout/").status, 405);
  EXPECT_EQ(user.get("/account/sessions/").status, 200);
  const std::string key = user.cookies["sessionid"];
  EXPECT_EQ(user.post("/signout/").status, 303);
  EXPECT_FALSE(user.cookies.contains("sessionid"));
  user.cookies["sessionid"] = key;  // the old key opens nothing any more
  EXPECT_EQ(user.get("/account/sessions/").status, 303);
}

TEST_F(WebSite, EndsTheOtherSessionsOfAChangedPassword) {
  const std::string id = m_site.add_user("ada");
  Browser user = signed_in("ada");
  m_site.accounts().set_password(id, Secret(std::string("another one")), "command");
  EXPECT_EQ(user.get("/account/sessions/").status, 303);
}

// --- forms of others ---------------------------------------------------------------------------

TEST_F(WebSite, RefusesFormsThatAreNotItsOwn) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  const Page page = user.get("/account/sessions/");
  const std::string token = user.token;
  const auto refused = [&](Browser& sender) {
    const Page answer = sender.post("/signout/");
    EXPECT_EQ(answer.status, 403);
    EXPECT_TRUE(answer.has("Go back, reload the page and try again."));
  };
  user.token = "";
  refused(user);
  user.token = std::string(token.size(), 'A');
  refused(user);
  user.token = token;
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1.evil.example"}) {
    user.origin = origin;
    refused(user);
  }
  user.origin = "self";
  // A token of another session, with the nonce that belongs to it.
  m_site.add_user("eve");
  Browser eve = signed_in("eve");
  eve.get("/account/sessions/");
  Browser mixed = user;
  mixed.cookies["csrftoken"] = eve.cookies["csrftoken"];
  mixed.token = eve.token;
  refused(mixed);
  EXPECT_EQ(user.get("/account/sessions/").status, 200);  // still signed in
  EXPECT_GE(m_site.log.count("innkeeper.security", "POST /signout/ refused"), 6);
}

TEST_F(WebSite, LeadsWhoSignsOutTwiceToTheSignInPage) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  user.get("/account/sessions/");
  Browser second_click = user;  // sent before the first one's answer took the cookie
  EXPECT_EQ(user.post("/signout/").status, 303);
  for (Browser* late : {&second_click, &user}) {  // with the dead cookie, and with none
    const Page answer = late->post("/signout/");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.header("Location"), "/signin/");
    EXPECT_FALSE(late->cookies.contains("sessionid"));
  }
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(m_site.log.count("innkeeper.security", "refused"), 0);
}

TEST_F(WebSite, LeadsATabThatWasSignedOutElsewhereToTheSignInPage) {
  m_site.add_user("ada");
  Browser here = signed_in("ada"), there = signed_in("ada");
  const std::string id = id_in(there.get("/account/sessions/"), "/account/sessions/");
  there.get("/account/sessions/end-others/");
  here.get("/account/sessions/");
  here.post("/account/sessions/end-others/");
  for (const std::string& path :
       {std::string("/account/sessions/end-others/"), "/account/sessions/" + id + "/end/"}) {
    Browser tab = there;
    const Page answer = tab.post(path);
    EXPECT_EQ(answer.status, 303) << path;
    EXPECT_EQ(answer.header("Location"), "/signin/") << path;
    EXPECT_FALSE(tab.cookies.contains("sessionid")) << path;
  }
  EXPECT_EQ(here.get("/account/sessions/").status, 200);  // it ended nobody
  EXPECT_EQ(m_site.log.count("innkeeper.security", "refused"), 0);
}

TEST_F(WebSite, RefusesAnotherSitesFormWhereTheSessionHasEndedToo) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  user.get("/account/sessions/");
  Browser late = user;
  user.post("/signout/");
  late.origin = "http://evil.example";
  EXPECT_EQ(late.post("/signout/").status, 403);
  late.origin = "self";
  late.cookies["csrftoken"] = std::string(32, 'a');
  EXPECT_EQ(late.post("/signout/").status, 403);
  EXPECT_EQ(m_site.log.count("innkeeper.security", "POST /signout/ refused"), 2);
}

TEST_F(WebSite, AsksForATokenAtTheSignInPageToo) {
  m_site.add_user("ada");
  Browser visitor = browser();
  const Page form = visitor.post("/signin/", {{"username", "ada"}, {"password", "correct horse"}});
  EXPECT_EQ(form.status, 422);
  EXPECT_FALSE(visitor.cookies.contains("sessionid"));
  EXPECT_EQ(sessions(), 0);
}

// --- cookies that nobody issued ----------------------------------------------------------------

TEST_F(WebSite, TakesAForgedCookieForNoSession) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  const Page admin = user.get("/account/sessions/");
  const std::string key = user.cookies["sessionid"];
  const std::string id = session::SessionKey::parse(key)->id().text();
  for (const std::string& cookie :
       {std::string(32, 'a'), id, id.substr(0, 32), std::string(7000, 'x'), std::string("a%00b"),
        std::string("\xff\xfe"), std::string("' OR 1=1 --"), std::string()}) {
    Browser forger = browser();
    forger.cookies["sessionid"] = cookie;
    forger.cookies["csrftoken"] = cookie;
    EXPECT_EQ(forger.get("/account/sessions/").status, 303) << cookie;
    EXPECT_EQ(forger.get("/signin/").status, 200) << cookie;
  }
}

TEST_F(WebSite, AnswersAnEndlessCookieWithoutAnError) {
  Browser forger = browser();
  forger.cookies["sessionid"] = std::string(100'000, 'x');
  EXPECT_EQ(forger.get("/signin/").status, 431);
}

// --- one's own sessions ------------------------------------------------------------------------

TEST_F(WebSite, ListsOnesOwnSessionsThisOneFirst) {
  m_site.add_user("ada");
  m_site.add_user("bob");
  Browser firefox =
      signed_in("ada", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
  Browser other = signed_in("ada");
  Browser bob = signed_in("bob");
  const Page page = firefox.get("/account/sessions/");
  EXPECT_EQ(page.status, 200);
  const std::size_t here = page.body.find("Firefox 128 on Linux"),
                    badge = page.body.find("This session"),
                    there = page.body.find("Chrome 118 on Windows");
  EXPECT_LT(here, badge);
  EXPECT_LT(badge, there);
  EXPECT_TRUE(page.has("Sign out everywhere else (1)"));
  EXPECT_TRUE(page.has("active now"));
  EXPECT_TRUE(page.has("127.0.0.1"));
  EXPECT_TRUE(page.has("<time datetime=\"2100-01-01T00:00:00Z\""));
}

TEST_F(WebSite, EndsAnotherOfOnesSessionsAfterAsking) {
  m_site.add_user("ada");
  Browser here = signed_in("ada"), there = signed_in("ada");
  const std::string id = id_in(here.get("/account/sessions/"), "/account/sessions/");
  const Page question = here.get("/account/sessions/" + id + "/end/");
  EXPECT_EQ(question.status, 200);
  EXPECT_TRUE(question.has("Sign out Chrome 118 on Windows"));
  EXPECT_TRUE(question.has("autofocus>Keep it signed in"));  // the harmless one
  EXPECT_EQ(there.get("/account/sessions/").status, 200);    // asking changes nothing
  const Page done = here.post("/account/sessions/" + id + "/end/");
  EXPECT_TRUE(here.follow(done).has("One session was signed out."));
  EXPECT_EQ(there.get("/account/sessions/").status, 303);
  EXPECT_EQ(here.post("/account/sessions/" + id + "/end/").status, 404);  // it has ended
}

TEST_F(WebSite, EndsNobodyElsesSession) {
  m_site.add_user("ada");
  m_site.add_user("eve");
  Browser ada = signed_in("ada"), eve = signed_in("eve");
  const std::string id = session::SessionKey::parse(ada.cookies["sessionid"])->id().text();
  eve.get("/account/sessions/");
  EXPECT_EQ(eve.get("/account/sessions/" + id + "/end/").status, 404);
  EXPECT_EQ(eve.post("/account/sessions/" + id + "/end/").status, 404);
  EXPECT_EQ(eve.get("/account/sessions/junk/end/").status, 404);
  EXPECT_EQ(ada.get("/account/sessions/").status, 200);
}

TEST_F(WebSite, SignsOutEverywhereElse) {
  m_site.add_user("ada");
  m_site.add_user("bob");
  Browser here = signed_in("ada"), first = signed_in("ada"), second = signed_in("ada"),
          bob = signed_in("bob");
  const Page question = here.get("/account/sessions/end-others/");
  EXPECT_TRUE(question.has("These 2 sessions end"));
  const Page done = here.post("/account/sessions/end-others/");
  EXPECT_TRUE(here.follow(done).has("2 sessions were signed out."));
  EXPECT_EQ(first.get("/account/sessions/").status, 303);
  EXPECT_EQ(second.get("/account/sessions/").status, 303);
  EXPECT_EQ(bob.get("/account/sessions/").status, 200);
  EXPECT_TRUE(here.get("/account/sessions/").has("You are signed in nowhere else."));
  EXPECT_EQ(here.get("/account/sessions/end-others/").status, 303);  // nothing to ask
}

TEST_F(WebSite, CountsEverySessionAndShowsThisOneAmongVeryMany) {
  const std::string id = m_site.add_user("ada");
  Browser here = signed_in("ada", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0");
  here.get("/account/sessions/");  // notes its activity: every other is later
  for (int i = 0; i < 203; ++i) {
    m_site.clock.advance(std::chrono::milliseconds(1));
    engine::Session other = m_site.engine().open(std::nullopt);
    other.set("_auth_user_id", '"' + id + '"');
    m_site.engine().save(other, {});
  }
  const Page page = here.get("/account/sessions/");
  EXPECT_TRUE(page.has("This session"));
  EXPECT_TRUE(page.has("Sign out everywhere else (203)"));
  const Page question = here.get("/account/sessions/end-others/");
  EXPECT_TRUE(question.has("These 203 sessions end"));
  EXPECT_TRUE(question.has("… and 3 more."));
  EXPECT_FALSE(question.has("This session"));
  const Page done = here.post("/account/sessions/end-others/");
  EXPECT_TRUE(here.follow(done).has("203 sessions were signed out."));
  EXPECT_EQ(sessions(), 1);
}

// --- all pages ---------------------------------------------------------------------------------

TEST_F(WebSite, ShowsAKeyNowhere) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root"), other = signed_in("root");
  const std::string id = session::SessionKey::parse(other.cookies["sessionid"])->id().text();
  for (const std::string& path :
       {std::string("/account/sessions/"), std::string("/admin/sessions/"),
        "/admin/sessions/" + id + "/", "/account/sessions/" + id + "/end/",
        std::string("/account/sessions/end-others/"), "/admin/sessions/end/?id=" + id,
        std::string("/admin/history/")}) {
    const Page page = staff.get(path);
    EXPECT_EQ(page.status, 200) << path;
    for (Browser* user : {&staff, &other}) {
      EXPECT_FALSE(page.has(user->cookies["sessionid"])) << path;
      EXPECT_FALSE(m_site.log.mentions(user->cookies["sessionid"])) << path;
    }
  }
}

TEST_F(WebSite, SendsItsSecurityHeadersWithEveryAnswer) {
  Browser visitor = browser();
  for (const char* path : {"/", "/signin/", "/nothing/here", "/static/none.css", "/signout/"}) {
    const Page page = visitor.get(path);
    EXPECT_TRUE(page.header("Content-Security-Policy").starts_with("default-src 'none'")) << path;
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(page.header("Cache-Control"), "no-store") << path;
    EXPECT_NE(page.header("Accept-CH"), "") << path;
  }
}

TEST_F(WebSite, ServesItsStyleSheetForGood) {
  Browser visitor = browser();
  const Page page = visitor.get("/signin/");
  const std::size_t at = page.body.find("/static/style.");
  const std::string path = page.body.substr(at, page.body.find('"', at) - at);
  const Page style = visitor.get(path);
  EXPECT_EQ(style.status, 200);
  EXPECT_NE(style.header("Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(style.header("Vary"), "");
  EXPECT_EQ(visitor.get("/static/style.0123456789abcdef.css").status, 404);
}

TEST_F(WebSite, VariesByCookieWhereItLooked) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  EXPECT_EQ(user.get("/account/sessions/").header("Vary"), "Cookie");
}

TEST_F(WebSite, AnswersWhatThereIsNotWithAPage) {
  Browser visitor = browser();
  const Page missing = visitor.get("/nothing/here");
  EXPECT_EQ(missing.status, 404);
  EXPECT_TRUE(missing.has("There is nothing at this address."));
  const Page wrong = visitor.get("/signout/");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "POST");
  EXPECT_EQ(visitor.head("/signin/").status, 200);
}

TEST_F(WebSite, WhoIsSignedInKeepsTheirNavigationWhereAPageRefuses) {
  m_site.add_user("ada");
  Browser user = signed_in("ada"), visitor = browser();
  for (const char* path :
       {"/nothing/here", "/signout/", "/account/sessions/junk/end/", "/admin/sessions/"}) {
    const Page page = user.get(path);
    EXPECT_GE(page.status, 403) << path;
    EXPECT_TRUE(page.has("Signed in as <b>ada</b>")) << path;
  }
  const Page page = visitor.get("/nothing/here");
  EXPECT_FALSE(page.has("Signed in as"));
  EXPECT_EQ(page.header("Set-Cookie"), "") << "nothing is set for who asks for what there is not";
}

TEST_F(WebSite, BytesThatAreNoTextReachNoPage) {
  m_site.add_user("root", true);
  const Page page = signed_in("root").get("/admin/sessions/?q=%ff%fe");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.has("Search: \xef\xbf\xbd\xef\xbf\xbd"));
  EXPECT_FALSE(page.has("\xff"));
}

TEST_F(WebSite, KeepsASecretOutOfTheLogOfRequests) {
  Browser visitor = browser();
  visitor.get("/signin/?next=/x&token=hush-hush");
  EXPECT_TRUE(m_site.log.mentions("GET /signin/ 200"));
  EXPECT_FALSE(m_site.log.mentions("hush-hush"));
}

// --- options -----------------------------------------------------------------------------------

TEST(WebSiteOptions, ServesAllowedHostsAlone) {
  web::SiteOptions options;
  options.allowed_hosts = {"example.org"};
  test::Site site(options);
  Browser visitor(site.port());
  EXPECT_EQ(visitor.get("/signin/").status, 400);
}

// A browser sends the form's cookie to the sign-in page, wherever the session's goes.
TEST(WebSiteOptions, TheFormsCookieGoesToEveryPage) {
  web::SiteOptions options;
  options.cookie.path = "/account/";
  test::Site site(options);
  Browser visitor(site.port());
  const std::string cookie = visitor.get("/signin/").header("Set-Cookie");
  EXPECT_NE(cookie.find("; Path=/;"), std::string::npos) << cookie;
}

TEST(WebSiteOptions, BelievesATrustedProxy) {
  web::SiteOptions options;
  options.trusted_proxies = {*IpNetwork::parse("127.0.0.1")};
  test::Site site(options);
  site.add_user("ada");
  Browser user(site.port());
  user.extra = "X-Forwarded-For: 203.0.113.9\r\n";
  user.sign_in("ada", "correct horse");
  EXPECT_TRUE(user.get("/account/sessions/").has("203.0.113.9"));
}

TEST(WebSiteOptions, BelievesTheOneHeaderThatTheProxyWrites) {
  web::SiteOptions options;
  options.trusted_proxies = {*IpNetwork::parse("127.0.0.1")};
  ASSERT_TRUE(options.trusted_proxies.set_header("Forwarded"));
  test::Site site(options);
  site.add_user("ada");
  Browser user(site.port());
  user.extra = "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=203.0.113.9\r\n";
  user.sign_in("ada", "correct horse");
  EXPECT_TRUE(user.get("/account/sessions/").has("203.0.113.9"));
  EXPECT_FALSE(user.get("/account/sessions/").has("6.6.6.6"));
}

TEST(SiteChain, NamesEveryPlaceAndItsReason) {
  const auto chain = web::site_chain();
  ASSERT_EQ(chain.size(), 9u);
  EXPECT_EQ(chain.front().name, "request log");
  EXPECT_EQ(chain.back().name, "refusal pages");
  for (const auto& link : chain) EXPECT_FALSE(link.reason.empty());
}

}  // namespace
}  // namespace innkeeper
