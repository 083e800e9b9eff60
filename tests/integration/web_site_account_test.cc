// "Where you are signed in" with more sessions than a page takes.
#include <set>

#include "web_site.h"

namespace innkeeper {
namespace {

using test::Browser;
using test::id_in;
using test::Page;
using test::WebSite;

// The address of the link that leads on ("next") or back ("prev"); empty where there is none.
std::string link(const Page& page, const std::string& rel) {
  const std::string start = "rel=\"" + rel + "\" href=\"";
  const std::size_t at = page.body.find(start);
  if (at == std::string::npos) return "";
  const std::size_t from = at + start.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}

// The addresses of the questions that end one session.
std::vector<std::string> end_links(const Page& page) {
  std::vector<std::string> links;
  const std::string start = "href=\"/account/sessions/";
  for (std::size_t at = page.body.find(start); at != std::string::npos;
       at = page.body.find(start, at + 1)) {
    const std::size_t from = at + 6;
    const std::string url = page.body.substr(from, page.body.find('"', from) - from);
    if (url.find("/end/") != std::string::npos) links.push_back(url);
  }
  return links;
}

class ManySessions : public WebSite {
 protected:
  void add_others(const std::string& user, int number) {
    for (int i = 0; i < number; ++i) {
      m_site.clock.advance(std::chrono::milliseconds(1));
      engine::Session other = m_site.engine().open(std::nullopt);
      other.set("_auth_user_id", '"' + user + '"');
      m_site.engine().save(other, {});
    }
  }
};

TEST_F(ManySessions, EachIsReachedAndThisOneStandsFirst) {
  const std::string ada = m_site.add_user("ada"), bob = m_site.add_user("bob");
  Browser here = signed_in("ada");
  here.get("/account/sessions/");  // notes its activity: every other is later
  add_others(ada, 120);
  add_others(bob, 3);
  Page page = here.get("/account/sessions/");
  EXPECT_LT(page.body.find("This session"), page.body.find("/end/"));
  EXPECT_TRUE(page.has("Sign out everywhere else (120)"));
  EXPECT_EQ(link(page, "prev"), "");
  std::set<std::string> reached;
  for (const std::size_t number : {50u, 50u, 20u}) {
    const auto links = end_links(page);
    EXPECT_EQ(links.size(), number);
    for (const std::string& url : links) reached.insert(url.substr(0, url.find('?')));
    if (number == 20) break;
    page = here.get(link(page, "next"));
    EXPECT_FALSE(page.has("This session")) << "it stands on the first page";
    EXPECT_TRUE(page.has("Sign out everywhere else (120)"));
  }
  EXPECT_EQ(reached.size(), 120u);
  EXPECT_EQ(link(page, "next"), "");
  page = here.get(link(page, "prev"));
  EXPECT_EQ(end_links(page).size(), 50u);
  page = here.get(link(page, "prev"));
  EXPECT_TRUE(page.has("This session"));
  EXPECT_EQ(link(page, "prev"), "");
}

TEST_F(ManySessions, WhoEndsOneComesBackToItsPage) {
  const std::string ada = m_site.add_user("ada");
  Browser here = signed_in("ada");
  here.get("/account/sessions/");
  add_others(ada, 52);
  const std::string last_page = link(here.get("/account/sessions/"), "next");
  const auto ends = end_links(here.get(last_page));
  ASSERT_EQ(ends.size(), 2u);
  const Page question = here.get(ends[0]);
  EXPECT_TRUE(question.has("href=\"" + last_page + '"')) << "the way back";
  const Page after_one = here.follow(here.post(ends[0]));
  EXPECT_TRUE(after_one.has("One session was signed out."));
  EXPECT_EQ(end_links(after_one), std::vector{ends[1]});
  // Where the page has gone with its last session, the first one comes, and says what was done.
  here.get(ends[1]);
  const Page gone = here.follow(here.post(ends[1]));
  EXPECT_EQ(gone.header("Location"), "/account/sessions/?ended=1");
  const Page start = here.follow(gone);
  EXPECT_TRUE(start.has("One session was signed out."));
  EXPECT_TRUE(start.has("This session"));
  EXPECT_EQ(end_links(start).size(), 50u);
  EXPECT_EQ(link(start, "next"), "");
}

TEST_F(ManySessions, APlaceThatIsNoneIsTheFirstPage) {
  m_site.add_user("ada");
  Browser here = signed_in("ada");
  for (const char* query : {"?after=junk", "?before=", "?after=%3Cscript%3E", "?ended=1&after=x"}) {
    const Page page = here.get(std::string("/account/sessions/") + query);
    EXPECT_EQ(page.status, 200) << query;
    EXPECT_TRUE(page.has("This session")) << query;
    EXPECT_FALSE(page.has("junk") || page.has("<script")) << query;
  }
}

}  // namespace
}  // namespace innkeeper
