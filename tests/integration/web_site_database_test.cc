// What a browser is answered while the database is missing, none, locked, read-only, full or newer
// than the program.
#include <fstream>

#include <gtest/gtest.h>

#include "web_site.h"

namespace innkeeper {
namespace {

using test::Browser;
using test::Page;

class WebSiteDatabase : public test::WebSite {
 protected:
  // By the one connection that writes, which the site keeps.
  store::Rows ask(const std::string& sql) {
    return m_site.database().connect(store::Access::write)->query(sql, {});
  }
  // What a sign-in and a sign-out write, in short.
  store::Row written() {
    return ask("SELECT (SELECT count(*) FROM innkeeper_session), (SELECT count(*) FROM "
               "innkeeper_ended), (SELECT max(last_login) FROM auth_user)")
        .at(0);
  }
  static Page sign_in(Browser& visitor) { return visitor.sign_in("ada", "correct horse"); }
  // Refused, and told when to come again.
  static void expect_refused(const Page& page, const char* wait) {
    EXPECT_EQ(page.status, 503);
    EXPECT_EQ(page.header("Retry-After"), wait);
    EXPECT_TRUE(page.headers("Set-Cookie").empty());
    EXPECT_FALSE(page.has("sqlite"));
  }
};

TEST_F(WebSiteDatabase, IsUnavailableWhereTheDatabaseIsMissing) {
  test::Site empty({}, false);
  Browser visitor(empty.port());
  visitor.cookies["sessionid"] = std::string(32, 'a');
  const Page page = visitor.get("/account/sessions/");
  EXPECT_EQ(page.status, 503);
  EXPECT_NE(page.header("Retry-After"), "");
  EXPECT_FALSE(page.has("sqlite"));
  EXPECT_TRUE(empty.log.mentions(empty.database_file().string()));  // the operator is told
}

TEST_F(WebSiteDatabase, IsUnavailableWhereTheDatabaseIsNone) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  m_site.port();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(m_site.database_file().string() + suffix);
  }
  test::Site broken({}, false);
  std::ofstream(broken.database_file()) << std::string(8192, 'x');
  Browser visitor(broken.port());
  visitor.cookies["sessionid"] = user.cookies["sessionid"];
  EXPECT_EQ(visitor.get("/account/sessions/").status, 503);
  EXPECT_EQ(visitor.get("/signin/").status, 503);
}

TEST_F(WebSiteDatabase, IsUnavailableWhereTheDatabaseIsLocked) {
  m_site.add_user("ada");
  Browser user = signed_in("ada"), late = browser();
  late.get("/signin/");
  store::sqlite::Options file;
  file.file = m_site.database_file();
  const auto other = store::sqlite::open(file);
  const auto writer = other->connect(store::Access::write);
  writer->begin();
  writer->execute("UPDATE innkeeper_session SET version = version", {});
  // Looking goes on, and so does an answer whose note of activity could not be written.
  m_site.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(user.get("/account/sessions/").status, 200);
  const Page refused = late.post("/signin/", {{"username", "ada"}, {"password", "correct horse"}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "5");
  writer->rollback();
  EXPECT_EQ(late.post("/signin/", {{"username", "ada"}, {"password", "correct horse"}}).status,
            303);
}

TEST_F(WebSiteDatabase, IsUnavailableWhereTheDatabaseIsReadOnly) {
  m_site.add_user("ada");
  Browser user = signed_in("ada"), late = browser();
  const store::Row before = written();
  ask("PRAGMA query_only = ON");  // root, who may run this, writes whatever a file's mode says
  m_site.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(user.get("/account/sessions/").status, 200) << "looking goes on";
  expect_refused(sign_in(late), "60");
  expect_refused(user.post("/signout/"), "60");
  EXPECT_TRUE(m_site.log.mentions("write access"));
  EXPECT_EQ(written(), before);
  ask("PRAGMA query_only = OFF");
  EXPECT_EQ(user.get("/account/sessions/").status, 200) << "signed out by half";
  EXPECT_EQ(sign_in(late).status, 303);
}

TEST_F(WebSiteDatabase, IsUnavailableWhereTheDiskIsFull) {
  m_site.add_user("ada");
  Browser user = signed_in("ada");
  ask("PRAGMA max_page_count = 1");  // SQLite takes what there is already
  store::Row before;
  Page page;
  for (int i = 0; i < 200 && page.status != 503; ++i) {  // the last pages have room for a few
    m_site.clock.advance(std::chrono::minutes(1));
    before = written();
    Browser late = browser();
    page = sign_in(late);
  }
  expect_refused(page, "5");
  EXPECT_TRUE(m_site.log.mentions("free space"));
  EXPECT_EQ(written(), before);
  EXPECT_EQ(user.get("/account/sessions/").status, 200) << "looking goes on";
  ask("PRAGMA max_page_count = 100000");
  Browser late = browser();
  EXPECT_EQ(sign_in(late).status, 303);
}

TEST_F(WebSiteDatabase, IsUnavailableWhereALaterProgramMadeTheTables) {
  m_site.add_user("ada");
  Browser user = signed_in("ada"), late = browser();
  late.get("/signin/");
  const store::Row before = written();
  ask("INSERT INTO innkeeper_migration (version, applied_at) VALUES (999, '2100-01-01')");
  m_site.clock.advance(store::SchemaWatch::look_every);
  expect_refused(user.get("/account/sessions/"), "60");
  expect_refused(user.post("/signout/"), "60");
  expect_refused(late.post("/signin/", {{"username", "ada"}, {"password", "correct horse"}}), "60");
  EXPECT_TRUE(m_site.log.mentions("upgrade this program"));
  EXPECT_EQ(written(), before);
  ask("DELETE FROM innkeeper_migration WHERE version = 999");
  EXPECT_EQ(user.get("/account/sessions/").status, 200);
  EXPECT_EQ(sign_in(late).status, 303);
}

}  // namespace
}  // namespace innkeeper
