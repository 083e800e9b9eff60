// The staff's pages, driven over real connections as a browser would.
#include <gtest/gtest.h>

#include "web_site.h"

namespace innkeeper {
namespace {

using test::Browser;
using test::chrome;
using test::id_in;
using test::Page;
using WebSite = test::WebSite;

// Where a page's link of that relation leads; empty where there is none.
std::string link(const Page& page, const std::string& rel) {
  const std::size_t at = page.body.find("rel=\"" + rel + "\" href=\"");
  if (at == std::string::npos) return "";
  const std::size_t from = at + rel.size() + 13;
  std::string url = page.body.substr(from, page.body.find('"', from) - from);
  for (std::size_t and_at = 0; (and_at = url.find("&amp;", and_at)) != std::string::npos;) {
    url.replace(++and_at, 4, "");
  }
  return url;
}

TEST_F(WebSite, ShowsStaffPagesToStaffAlone) {
  m_site.add_user("ada");
  Browser visitor = browser(), user = signed_in("ada");
  user.get("/account/sessions/");
  const std::string id = session::SessionKey::parse(user.cookies["sessionid"])->id().text();
  for (const std::string& path :
       {std::string("/admin/"), std::string("/admin/sessions/"), "/admin/sessions/" + id + "/",
        "/admin/sessions/end/?id=" + id, std::string("/admin/history/")}) {
    EXPECT_EQ(visitor.get(path).status, 303) << path;
    EXPECT_EQ(user.get(path).status, 403) << path;
  }
  EXPECT_EQ(user.post("/admin/sessions/end/", {{"id", id}}).status, 403);
  EXPECT_EQ(user.get("/account/sessions/").status, 200);
}

// A site that shares its users with Django makes people staff so that they may enter its admin, and
// gives each right by a permission, of which these pages know nothing.
TEST_F(WebSite, LetsInNoStaffWithoutTheRightsOfASuperuser) {
  m_site.add_user("clerk", true, false);
  m_site.add_user("odd", false, true);  // in Django's admin neither is let in
  for (const char* name : {"clerk", "odd"}) {
    Browser user = signed_in(name);
    EXPECT_FALSE(user.get("/account/sessions/").has("/admin/sessions/")) << name;
    const std::string id = session::SessionKey::parse(user.cookies["sessionid"])->id().text();
    EXPECT_EQ(user.get("/admin/sessions/").status, 403) << name;
    EXPECT_EQ(user.get("/admin/sessions/" + id + "/").status, 403) << name;
    EXPECT_EQ(user.post("/admin/sessions/end/", {{"id", id}}).status, 403) << name;
  }
  EXPECT_EQ(sessions(), 2);
}

TEST(WebSiteOptions, LetInAllStaffWhereThatIsSaid) {
  test::Site site({.staff_pages = web::StaffPages::staff});
  site.add_user("clerk", true, false);
  site.add_user("odd", false, true);
  Browser clerk(site.port(), chrome), odd(site.port(), chrome);
  clerk.sign_in("clerk", "correct horse");
  odd.sign_in("odd", "correct horse");
  EXPECT_TRUE(clerk.get("/account/sessions/").has("/admin/sessions/"));
  EXPECT_EQ(clerk.get("/admin/sessions/").status, 200);
  EXPECT_EQ(odd.get("/admin/sessions/").status, 403);
}

TEST_F(WebSite, FindsSessionsByNameAddressAndState) {
  m_site.add_user("root", true);
  const std::string ada = m_site.add_user("ada");
  Browser user = signed_in("ada"), staff = signed_in("root");
  const auto lists_ada = [&](const std::string& query) {
    const Page page = staff.get("/admin/sessions/" + query);
    EXPECT_EQ(page.status, 200) << query;
    return page.has(">ada</a>");
  };
  for (const char* query : {"", "?q=ad", "?q=127.0.0.1", "?q=127.0.0.0/8", "?validity=active",
                            "?owner=user", "?q=ada&validity=active&owner=user"}) {
    EXPECT_TRUE(lists_ada(query)) << query;
  }
  EXPECT_TRUE(lists_ada("?user=" + ada));
  for (const char* query : {"?q=root", "?q=10.0.0.0/8", "?validity=expired", "?owner=visitor",
                            "?q=nobody", "?q=%25", "?user=9999"}) {
    EXPECT_FALSE(lists_ada(query)) << query;
  }
  EXPECT_TRUE(staff.get("/admin/").header("Location").starts_with("/admin/sessions/"));
}

TEST_F(WebSite, ASearchThatLeavesUsersOutSaysSo) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  for (int i = 0; i < 100; ++i) m_site.add_user("guest" + std::to_string(i));
  const std::string told = "Only the sessions of 100 of the users";
  EXPECT_FALSE(staff.get("/admin/sessions/?q=guest").has(told));
  m_site.add_user("guest100");
  EXPECT_TRUE(staff.get("/admin/sessions/?q=guest").has(told));
}

// Rule 6: a search goes through the newest 20,000 users, and says so where there are more.
TEST_F(WebSite, ASearchSaysWhereItLookedAtTheNewestUsersAlone) {
  m_site.add_user("Ada");
  m_site.add_user("root", true);
  Browser staff = signed_in("root"), ada = signed_in("Ada");
  const std::string told = "There are more than 20000 users";
  const auto add_guests = [this](std::int64_t count) {
    const auto database = store::sqlite::open({.file = m_site.database_file()});
    database->connect(store::Access::write)
        ->execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO auth_user (password, is_superuser, username, last_name, email, is_staff, "
            "is_active, date_joined, first_name) SELECT '!', 0, 'guest' || hex(randomblob(8)), '', "
            "'', 0, 1, '2026-01-01 00:00:00', '' FROM n",
            std::vector<store::Value>{count});
  };
  add_guests(19998);
  EXPECT_FALSE(staff.get("/admin/sessions/?q=ada").has(told));
  add_guests(1);
  const Page page = staff.get("/admin/sessions/?q=ada");
  EXPECT_TRUE(page.has(told));
  EXPECT_TRUE(page.has("Ada</a>")) << "found by the spelling of the name";
  EXPECT_FALSE(staff.get("/admin/sessions/?q=guest").has(told)) << "there are enough";
}

TEST_F(WebSite, ShowsFiltersAsChipsThatCanBeTakenAway) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  const Page page = staff.get("/admin/sessions/?q=root&validity=active");
  EXPECT_TRUE(page.has("aria-label=\"Remove filter Search: root\""));
  EXPECT_TRUE(page.has("href=\"/admin/sessions/?validity=active\""));
  EXPECT_TRUE(page.has("href=\"/admin/sessions/?q=root\""));
  const Page nothing = staff.get("/admin/sessions/?q=nobody");
  EXPECT_TRUE(nothing.has("No session matches"));
  EXPECT_TRUE(nothing.has("Clear all filters"));
  EXPECT_TRUE(staff.get("/admin/history/").has("No session has ended yet"));
}

TEST_F(WebSite, WalksThroughPagesForthAndBack) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  for (int i = 0; i < 150; ++i) {
    m_site.clock.advance(std::chrono::seconds(1));
    engine::Session visitor = m_site.engine().open(std::nullopt);
    visitor.set("n", std::to_string(i));
    m_site.engine().save(visitor, {});
  }
  const auto rows = [](const Page& page) {
    int count = 0;
    for (std::size_t at = 0; (at = page.body.find("name=\"id\"", at)) != std::string::npos; ++at)
      ++count;
    return count;
  };
  staff.get("/admin/sessions/");  // notes the activity that puts staff's own session first
  const Page first = staff.get("/admin/sessions/");
  EXPECT_EQ(rows(first), 100);
  EXPECT_EQ(link(first, "prev"), "");
  const Page second = staff.get(link(first, "next"));
  EXPECT_EQ(rows(second), 51);
  EXPECT_EQ(link(second, "next"), "");
  EXPECT_EQ(rows(staff.get(link(second, "prev"))), 100);
}

// One request looks at 20,000 sessions at most.
TEST_F(WebSite, ASearchAmongManyStopsSaysSoAndGoesOn) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  const store::Value later = m_site.clock.now() + std::chrono::hours(1);
  m_site.database()
      .connect(store::Access::write)
      ->execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20500) "
          "INSERT INTO innkeeper_session (session_key, session_data, expire_date, created_at, "
          "updated_at, last_activity) SELECT printf('%040d', i), '', t, t, t, t FROM n, "
          "(SELECT ? AS t)",
          {&later, 1});
  const Page first = staff.get("/admin/sessions/?owner=user");
  EXPECT_TRUE(first.has("Nothing so far"));
  EXPECT_FALSE(first.has("No session matches"));
  EXPECT_TRUE(first.has("Search further"));
  const Page second = staff.get(link(first, "next"));
  EXPECT_TRUE(second.has(">root</a>"));
  EXPECT_FALSE(second.has("Search further"));
  const Page back = staff.get(link(second, "prev"));
  EXPECT_TRUE(back.has("Nothing so far"));
  EXPECT_TRUE(staff.get("/admin/sessions/?owner=visitor").has("Next 100"));
}

TEST_F(WebSite, ShowsOneSessionWithItsDataButNotItsHash) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  const std::string id = session::SessionKey::parse(staff.cookies["sessionid"])->id().text();
  const std::string hash =
      *m_site.engine().peek(*session::SessionId::parse(id))->get("_auth_user_hash");
  const Page page = staff.get("/admin/sessions/" + id + "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.has("_auth_user_backend"));
  EXPECT_TRUE(page.has("(hidden)"));
  EXPECT_FALSE(page.has(hash.substr(1, hash.size() - 2)));
  EXPECT_TRUE(page.has(chrome.substr(0, 30)));
  EXPECT_EQ(staff.get("/admin/sessions/" + std::string(40, '0') + "/").status, 404);
  EXPECT_EQ(staff.get("/admin/sessions/junk/").status, 404);
}

TEST_F(WebSite, EndsChosenSessionsAfterListingThem) {
  m_site.add_user("root", true);
  m_site.add_user("ada");
  Browser staff = signed_in("root"), one = signed_in("ada"), two = signed_in("ada"),
          stays = signed_in("ada");
  const auto id_of = [](Browser& user) {
    return session::SessionKey::parse(user.cookies["sessionid"])->id().text();
  };
  const std::string chosen = "?id=" + id_of(one) + "&id=" + id_of(two);
  const Page question = staff.get("/admin/sessions/end/" + chosen);
  EXPECT_TRUE(question.has("End these 2 sessions?"));
  EXPECT_TRUE(question.has("ada"));
  EXPECT_TRUE(question.has(">End 2 sessions</button>"));
  const Page done = staff.post("/admin/sessions/end/", {{"id", id_of(one)}, {"id", id_of(two)}});
  EXPECT_TRUE(staff.follow(done).has("2 sessions were ended."));
  EXPECT_EQ(one.get("/account/sessions/").status, 303);
  EXPECT_EQ(two.get("/account/sessions/").status, 303);
  EXPECT_EQ(stays.get("/account/sessions/").status, 200);
  const Page history = staff.get("/admin/history/");
  EXPECT_TRUE(history.has("revoked"));
  EXPECT_TRUE(history.has("by root"));
}

TEST_F(WebSite, WhoChoosesNoSessionIsLedBackToTheList) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  staff.get("/admin/sessions/");  // the form's token
  for (const Page& page :
       {staff.get("/admin/sessions/end/"), staff.get("/admin/sessions/end/?id=x"),
        staff.post("/admin/sessions/end/")}) {
    EXPECT_EQ(page.status, 303);
    const Page list = staff.follow(page);
    EXPECT_EQ(list.status, 200);
    EXPECT_TRUE(list.has("No sessions were chosen."));
    EXPECT_FALSE(list.has("sessions were ended"));
  }
  EXPECT_FALSE(staff.get("/admin/sessions/").has("No sessions were chosen."));
  const Page gone = staff.get("/admin/sessions/end/?id=" + std::string(40, '0'));
  EXPECT_EQ(gone.status, 404);
  EXPECT_TRUE(gone.has("have ended already"));
}

TEST_F(WebSite, ALaterPageOfTheHistoryLeadsBackToTheNewest) {
  m_site.add_user("root", true);
  const std::string ada = m_site.add_user("ada");
  Browser staff = signed_in("root");
  for (int i = 0; i < 101; ++i) {
    engine::Session session = m_site.engine().open(std::nullopt);
    m_site.accounts().sign_in(session, *m_site.accounts().find(ada), {});
    m_site.accounts().sign_out(session);
  }
  for (const std::string& user : {std::string(), "user=" + ada}) {
    const std::string first = "/admin/history/" + (user.empty() ? "" : '?' + user);
    const Page newest = staff.get(first);
    EXPECT_FALSE(newest.has("Newest"));
    const Page later = staff.get(link(newest, "next"));
    EXPECT_TRUE(later.has("<a href=\"" + first + "\">← Newest</a>")) << user;
    EXPECT_FALSE(later.has("Earlier →"));
  }
}

TEST_F(WebSite, EndsAllOfAUser) {
  m_site.add_user("root", true);
  const std::string ada = m_site.add_user("ada");
  Browser staff = signed_in("root"), one = signed_in("ada"), two = signed_in("ada");
  const Page question = staff.get("/admin/sessions/end/?user=" + ada);
  EXPECT_TRUE(question.has("End all sessions of ada?"));
  staff.post("/admin/sessions/end/", {{"user", ada}});
  EXPECT_EQ(one.get("/account/sessions/").status, 303);
  EXPECT_EQ(two.get("/account/sessions/").status, 303);
  EXPECT_TRUE(staff.get("/admin/history/?user=" + ada).has("Remove filter User: ada"));
}

TEST_F(WebSite, WarnsBeforeStaffEndTheirOwnSession) {
  m_site.add_user("root", true);
  Browser staff = signed_in("root");
  const std::string id = session::SessionKey::parse(staff.cookies["sessionid"])->id().text();
  EXPECT_TRUE(staff.get("/admin/sessions/end/?id=" + id).has("Your own session is among them"));
  EXPECT_EQ(staff.post("/admin/sessions/end/", {{"id", id}}).status, 303);
  EXPECT_EQ(staff.get("/admin/sessions/").status, 303);
}

}  // namespace
}  // namespace innkeeper
