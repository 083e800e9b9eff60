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

TEST_F(WebSite, ADoubleClickLosesNothingOfTheVisitorsSession) {
  m_site.add_user("ada");
  engine::Session cart = m_site.engine().open(std::nullopt);
  cart.set("cart", "[1]");
  m_site.engine().save(cart, {});
  Browser visitor = browser();
  visitor.cookies["sessionid"] = std::string(cart.key()->reveal());
  visitor.get("/signin/");
  Browser second_click = visitor;  // its cookie opens nothing any more, once the first is answered
  EXPECT_EQ(visitor.post("/signin/", ada).status, 303);
  EXPECT_EQ(second_click.post("/signin/", ada).status, 303);
  EXPECT_EQ(sessions(), 1);
  const auto kept = m_site.engine().open(second_click.cookies["sessionid"]);
  ASSERT_NE(kept.get("cart"), nullptr);
  EXPECT_EQ(*kept.get("cart"), "[1]");
}

}  // namespace
}  // namespace innkeeper
