// Sign-in forms that are sent twice, and forms whose session is over.
#include <future>

#include "engine/json.h"
#include "web_site.h"

namespace innkeeper {
namespace {

using test::Browser;
using test::Page;
using test::WebSite;

const http::Parameters ada = {{"username", "ada"}, {"password", "correct horse"}};

std::string title_of(Browser& browser) {
  const Page page = browser.get("/account/sessions/");
  return page.status == 200 ? "signed in" : page.header("Location");
}

class VisitorWithACart : public WebSite {
 protected:
  // At the sign-in page.
  Browser with_cart() {
    engine::Session cart = m_site.engine().open(std::nullopt);
    cart.set("cart", "[1]");
    m_site.engine().save(cart, {});
    Browser visitor = browser();
    visitor.cookies["sessionid"] = std::string(cart.key()->reveal());
    visitor.get("/signin/");
    return visitor;
  }
};

// --- a form that is sent twice -------------------------------------------------------------------

TEST_F(WebSite, ADoubleClickAtSignInLeavesOneSession) {
  const std::string id = m_site.add_user("ada");
  Browser elsewhere = signed_in("ada"), visitor = browser();
  visitor.get("/signin/");
  Browser second_click = visitor;  // sent before the first one's answer came
  EXPECT_EQ(visitor.post("/signin/", ada).status, 303);
  EXPECT_EQ(second_click.post("/signin/", ada).header("Location"), "/account/sessions/");
  EXPECT_EQ(sessions(), 2) << "elsewhere, and here";
  EXPECT_EQ(title_of(second_click), "signed in") << "its answer is the one that a browser follows";
  EXPECT_NE(title_of(visitor), "signed in");
  EXPECT_EQ(title_of(elsewhere), "signed in");
  const auto ended = m_site.engine().history({}, std::nullopt, 10).records;
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].reason, store::Reason::signed_out);
  EXPECT_EQ(ended[0].actor, "user " + id);
}

// The first click's password is checked for longer than the second's: its answer comes last, and
// must not take away what the second one's gave.
// A phone's keyboard adds a blank.
TEST_F(WebSite, ABlankAroundAUserNameIsNoPartOfIt) {
  m_site.add_user("ada");
  Browser visitor = browser();
  visitor.get("/signin/");
  EXPECT_EQ(
      visitor.post("/signin/", {{"username", " ada \t"}, {"password", "correct horse"}}).status,
      303);
  EXPECT_EQ(title_of(visitor), "signed in");
}

TEST_F(WebSite, TheSecondClicksSessionStaysWhereTheFirstIsLast) {
  m_site.add_user("ada");
  std::promise<void> first_is_checking, second_is_done;
  std::atomic<bool> first = true;
  m_site.accounts().set_password_checker(
      [&](const Secret& password, const Secret& encoded, const user::PasswordPolicy& policy) {
        if (first.exchange(false)) {
          first_is_checking.set_value();
          second_is_done.get_future().wait();
        }
        return user::check_password(password, encoded, policy);
      });
  Browser visitor = browser();
  visitor.get("/signin/");
  Browser second_click = visitor;
  auto answer = std::async(std::launch::async, [&] { return visitor.post("/signin/", ada); });
  first_is_checking.get_future().wait();
  EXPECT_EQ(second_click.post("/signin/", ada).status, 303);
  second_is_done.set_value();
  const Page last = answer.get();
  EXPECT_EQ(last.status, 303);
  EXPECT_TRUE(last.headers("Set-Cookie").empty());
  EXPECT_EQ(sessions(), 1);
  EXPECT_EQ(title_of(second_click), "signed in");
}

TEST_F(WebSite, ASecondSignInByTheSameFormEndsNobodyElses) {
  m_site.add_user("ada");
  m_site.add_user("bob");
  Browser visitor = browser();
  visitor.get("/signin/");
  Browser other = visitor, wrong = visitor;
  EXPECT_EQ(visitor.post("/signin/", ada).status, 303);
  EXPECT_EQ(other.post("/signin/", {{"username", "bob"}, {"password", "correct horse"}}).status,
            303);
  EXPECT_EQ(wrong.post("/signin/", {{"username", "ada"}, {"password", "wrong"}}).status, 422);
  EXPECT_EQ(title_of(visitor), "signed in");
  EXPECT_EQ(title_of(other), "signed in");
}

TEST_F(VisitorWithACart, LosesNothingByADoubleClickAtSignIn) {
  m_site.add_user("ada");
  Browser visitor = with_cart();
  Browser second_click = visitor;  // its cookie opens nothing any more, once the first is answered
  EXPECT_EQ(visitor.post("/signin/", ada).status, 303);
  EXPECT_EQ(second_click.post("/signin/", ada).status, 303);
  EXPECT_EQ(sessions(), 1);
  const auto kept = m_site.engine().open(second_click.cookies["sessionid"]);
  ASSERT_NE(kept.get("cart"), nullptr);
  EXPECT_EQ(*kept.get("cart"), "[1]");
}

// --- a form whose session is over ----------------------------------------------------------------

TEST_F(WebSite, ASignInFormThatIsTooOldIsShownAgainWithAFreshToken) {
  m_site.add_user("ada");
  Browser visitor = browser();
  visitor.get("/signin/?next=/admin/sessions/");
  for (const bool has_cookie : {true, false}) {  // with another session's token; with no cookie
    Browser late = visitor;
    late.token = std::string(visitor.token.size(), 'A');
    if (!has_cookie) late.cookies.erase("csrftoken");
    const Page form = late.post(
        "/signin/",
        {{"username", "ada"}, {"password", "correct horse"}, {"next", "/admin/sessions/"}});
    EXPECT_EQ(form.status, 422);
    EXPECT_TRUE(form.has("The form was too old"));
    EXPECT_TRUE(form.has("value=\"ada\"")) << "the name need not be typed again";
    EXPECT_TRUE(form.has("name=\"next\" value=\"/admin/sessions/\""));
    EXPECT_FALSE(form.has("correct horse"));
    EXPECT_EQ(sessions(), 0) << "nobody was signed in";
    EXPECT_EQ(late.post("/signin/", ada).status, 303) << "by the fresh token";
    late.post("/signout/", {{"csrf_token", ""}});
    m_site.engine().revoke_all({}, {});
  }
  EXPECT_EQ(m_site.log.count("innkeeper.security", "POST /signin/ refused"), 2);
}

TEST_F(WebSite, AnOldSignInFormOfWhoIsSignedInLeadsOn) {
  m_site.add_user("ada");
  Browser visitor = browser();
  visitor.get("/signin/");
  const std::string token = visitor.token;  // of a second tab with the form
  visitor.post("/signin/", ada);
  const std::string key = visitor.cookies["sessionid"];
  visitor.token = token;
  const Page answer = visitor.post("/signin/", {{"username", "x"}, {"password", "x"}});
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/account/sessions/");
  EXPECT_EQ(visitor.cookies["sessionid"], key);
  EXPECT_EQ(m_site.log.count("innkeeper.security", "sign-in refused for"), 0) << "not even asked";
}

TEST_F(WebSite, AnOldSignInFormOfAnotherSiteIsRefused) {
  m_site.add_user("ada");
  Browser visitor = browser();
  visitor.get("/signin/");
  visitor.origin = "http://evil.example";
  EXPECT_EQ(visitor.post("/signin/", ada).status, 403);
  visitor.cookies.clear();
  EXPECT_EQ(visitor.post("/signin/", ada).status, 403);
  EXPECT_EQ(sessions(), 0);
}

TEST_F(VisitorWithACart, SignsInWithTheFormOfASessionThatIsOver) {
  m_site.add_user("ada");
  Browser visitor = with_cart();
  m_site.engine().revoke(session::SessionKey::parse(visitor.cookies["sessionid"])->id(), {});
  EXPECT_EQ(visitor.post("/signin/", ada).status, 303);
  EXPECT_EQ(title_of(visitor), "signed in");
  EXPECT_EQ(m_site.engine().open(visitor.cookies["sessionid"]).get("cart"), nullptr)
      << "what was ended stays ended";
}

TEST_F(WebSite, AStaffFormWhoseSessionHasEndedLeadsToTheSignInPage) {
  m_site.add_user("root", true);
  m_site.add_user("ada");
  Browser staff = signed_in("root"), user = signed_in("ada");
  const std::string id = test::id_in(staff.get("/admin/sessions/?q=ada"), "/admin/sessions/");
  staff.get("/admin/sessions/end/?id=" + id);
  Browser forged = staff, other = staff;
  forged.token = std::string(staff.token.size(), 'A');
  EXPECT_EQ(forged.post("/admin/sessions/end/", {{"id", id}}).status, 403) << "it lives";
  other.post("/signout/");
  for (Browser* late : {&staff, &other}) {  // with the dead cookie, and with none
    const Page answer = late->post("/admin/sessions/end/", {{"id", id}});
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.header("Location"), "/signin/");
    EXPECT_FALSE(late->cookies.contains("sessionid"));
  }
  EXPECT_EQ(title_of(user), "signed in") << "it ended nobody";
  EXPECT_EQ(m_site.log.count("innkeeper.security", "refused"), 1);
}

}  // namespace
}  // namespace innkeeper
