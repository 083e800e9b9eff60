#include <atomic>
#include <filesystem>
#include <thread>

#include <innkeeper/book.h>

#include "store/sqlite/sqlite_database.h"
#include "unit/library/temporary_book.h"

namespace innkeeper {
namespace {

class PublicBook : public testing::Test {
 protected:
  // A saved session of a visitor; its key.
  std::string saved_key() {
    Session session = m_book.open(std::nullopt);
    session.set("cart", 3);
    EXPECT_EQ(m_book.save(session, firefox()), Saved::created);
    return session.key();
  }
  // A session of the user `m_ada`, made where there is none yet.
  Session signed_in() {
    if (m_ada.empty()) m_ada = m_book.create_user({.username = "ada"}, good_password());
    Session session = m_book.open(std::nullopt);
    m_book.sign_in_as(session, m_ada, firefox());
    return session;
  }

  TemporaryFolder m_folder;
  Book m_book{options_in(m_folder.path())};
  std::string m_ada;
};

TEST_F(PublicBook, OpensWhatItSaved) {
  const std::string key = saved_key();
  EXPECT_EQ(key.size(), 32u);
  EXPECT_EQ(m_book.open(key).get_integer("cart"), 3);
}

TEST_F(PublicBook, NeverTakesOverAKeyThatItDidNotIssue) {
  const std::string chosen(32, 'a');
  Session session = m_book.open(chosen);
  session.set("cart", 1);
  m_book.save(session);
  EXPECT_NE(session.key(), chosen);
  EXPECT_FALSE(m_book.open(chosen).exists());
}

TEST_F(PublicBook, ShowsAnIdThatOpensNothing) {
  const Session session = m_book.open(saved_key());
  EXPECT_EQ(session.id().size(), 40u);
  EXPECT_FALSE(m_book.open(session.id()).exists());
}

TEST_F(PublicBook, KeepsBothChangesOfTwoRequests) {
  const std::string key = saved_key();
  Session one = m_book.open(key);
  Session other = m_book.open(key);
  one.set("a", 1);
  other.set("b", 2);
  EXPECT_EQ(m_book.save(one), Saved::updated);
  EXPECT_EQ(m_book.save(other), Saved::merged);
  const Session both = m_book.open(key);
  EXPECT_EQ(both.get_integer("a"), 1);
  EXPECT_EQ(both.get_integer("b"), 2);
}

TEST_F(PublicBook, DoesNotBringBackWhatWasEndedMeanwhile) {
  const std::string key = saved_key();
  Session late = m_book.open(key);
  late.set("cart", 4);
  EXPECT_TRUE(m_book.revoke(late.id(), "a test"));
  EXPECT_EQ(m_book.save(late), Saved::ended);
  EXPECT_FALSE(late.exists());
  EXPECT_FALSE(m_book.open(key).exists());
}

TEST_F(PublicBook, HasNobodyWhoseNameOtherProgramsStumbleOver) {
  for (const std::string& name :
       {std::string(), std::string(151, 'a'), std::string("a\n"), std::string("\xff")}) {
    EXPECT_THROW(m_book.create_user({.username = name}, good_password()), Error);
  }
  EXPECT_THROW(m_book.create_user({.username = "ada", .email = " a@b"}, good_password()), Error);
  EXPECT_FALSE(m_book.find_user("ada").has_value());
}

TEST_F(PublicBook, RenewsASignInOfAFallbackKeyWithTheSave) {
  const std::string before = signed_in().key();
  Options options = options_in(m_folder.path());
  options.secret_key_fallbacks = {options.secret_key};
  options.secret_key = Secret(std::string("the next secret of this book, as long as the last"));
  Book later(options);
  Session session = later.open(before);
  ASSERT_TRUE(later.user_of(session));
  EXPECT_TRUE(session.modified());
  EXPECT_EQ(later.save(session, firefox()), Saved::updated);
  EXPECT_EQ(session.key(), before);
  options.secret_key_fallbacks.clear();
  Book last(options);
  Session again = last.open(before);
  EXPECT_TRUE(last.user_of(again));
}

TEST_F(PublicBook, SignsInWithTheRightPasswordAlone) {
  const std::string ada =
      m_book.create_user({.username = "ada", .email = "ada@example.org"}, good_password());
  Session session = m_book.open(saved_key());
  const std::string before = session.key();
  EXPECT_EQ(m_book.sign_in(session, "ada", Secret(std::string("wrong")), firefox()), std::nullopt);
  EXPECT_EQ(session.user_id(), std::nullopt);

  const auto user = m_book.sign_in(session, "ada", good_password(), firefox());
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->id, ada);
  EXPECT_EQ(session.user_id(), ada);
  EXPECT_EQ(session.get_integer("cart"), 3);  // what a visitor had chosen stays
  EXPECT_NE(session.key(), before);           // a key that somebody planted before is worth nothing
  EXPECT_FALSE(m_book.open(before).exists());
}

TEST_F(PublicBook, KnowsWhoseSessionItIs) {
  Session session = signed_in();
  const auto user = m_book.user_of(session);
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->username, "ada");
}

TEST_F(PublicBook, SignsNobodyInWhoIsNotThere) {
  Session session = m_book.open(std::nullopt);
  EXPECT_THROW(m_book.sign_in_as(session, "4711", firefox()), Error);
  EXPECT_FALSE(session.exists());
}

TEST_F(PublicBook, ListsTheSessionsOfAUserForPeople) {
  const Session session = signed_in();
  saved_key();  // a visitor's: not among them
  const auto infos = m_book.sessions_of(m_ada);
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].id, session.id());
  EXPECT_EQ(infos[0].user_id, m_ada);
  EXPECT_EQ(infos[0].ip, "203.0.113.7");
  EXPECT_EQ(infos[0].device, "Firefox 128 on Linux");
  EXPECT_GT(infos[0].ends, infos[0].started);
  EXPECT_EQ(m_book.find(session.id())->id, session.id());
}

TEST_F(PublicBook, EndsTheOtherSessionsOfAUser) {
  const Session here = signed_in();
  const Session there = signed_in();
  const Session elsewhere = signed_in();
  EXPECT_EQ(m_book.revoke_all(m_ada, here.id(), "ada"), 2);
  EXPECT_TRUE(m_book.open(here.key()).exists());
  EXPECT_FALSE(m_book.open(there.key()).exists());
  EXPECT_FALSE(m_book.open(elsewhere.key()).exists());
}

TEST_F(PublicBook, EndsNobodysSessionsButForWhatIsNoId) {
  m_book.create_user({.username = "ada"}, good_password());
  Session session = m_book.open({});
  const auto ada = m_book.sign_in(session, "ada", good_password());
  EXPECT_THROW(m_book.revoke_all(ada->id, session.key()), Error);
  EXPECT_EQ(m_book.revoke_all(ada->id, session.id()), 0);
}

TEST_F(PublicBook, CountsASaveAsAUse) {
  Session session = m_book.open({});
  session.set("cart", 1);
  m_book.save(session, {.ip = "203.0.113.7", .user_agent = "Elsewhere"});
  Options often = options_in(m_folder.path());
  often.activity_interval = std::chrono::seconds(0);
  Book other(often);
  Session again = other.open(session.key());
  const auto before = other.find(session.id())->last_activity;
  again.set("cart", 2);
  other.save(again, firefox());
  const auto info = other.find(session.id());
  EXPECT_GT(info->last_activity, before);
  EXPECT_EQ(info->user_agent, firefox().user_agent);
  EXPECT_EQ(info->ip, firefox().ip);
  again.set("cart", 3);
  other.save(again);
  EXPECT_EQ(other.find(session.id())->ip, firefox().ip) << "what is left unsaid stays";
}

TEST_F(PublicBook, StaysWhereItWasMadeWhenTheProgramGoesElsewhere) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directory(m_folder.path() / "elsewhere");
  std::filesystem::current_path(m_folder.path());
  Options options = options_in("");
  Book relative(options);
  std::filesystem::current_path(m_folder.path() / "elsewhere");
  Session session = relative.open({});
  session.set("cart", 1);
  EXPECT_EQ(relative.save(session), Saved::created);
  EXPECT_TRUE(m_book.open(session.key()).exists()) << "the same files by their whole paths";
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path() / "elsewhere"));
  std::filesystem::current_path(before);
}

TEST_F(PublicBook, FindsAndEndsNothingByWhatIsNoId) {
  EXPECT_EQ(m_book.find("'; DROP TABLE"), std::nullopt);
  EXPECT_FALSE(m_book.revoke(saved_key()));  // a key is no id
}

TEST_F(PublicBook, EndsTheSessionInHand) {
  Session session = m_book.open(saved_key());
  const std::string key = session.key();
  m_book.end(session);
  EXPECT_TRUE(session.empty());
  EXPECT_FALSE(m_book.open(key).exists());
}

TEST_F(PublicBook, IsReadByAnotherBookOnTheSameFiles) {
  const std::string key = saved_key();
  Book second(options_in(m_folder.path()));
  EXPECT_EQ(second.open(key).get_integer("cart"), 3);
  EXPECT_TRUE(second.revoke(second.open(key).id()));
  EXPECT_FALSE(m_book.open(key).exists());  // ended is ended, whoever ended it
}

TEST_F(PublicBook, WorksWithoutACache) {
  Options options = options_in(m_folder.path());
  options.cache.clear();
  Book plain(options);
  EXPECT_EQ(plain.open(saved_key()).get_integer("cart"), 3);
}

TEST_F(PublicBook, ServesManyThreads) {
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([this, number, &right] {
      for (int round = 0; round < 20; ++round) {
        Session session = m_book.open(std::nullopt);
        session.set("number", number);
        m_book.save(session, firefox());
        right += m_book.open(session.key()).get_integer("number") == number;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

TEST(PublicBookOptions, AreRefusedWithoutASecretBeforeAnythingIsMade) {
  const TemporaryFolder folder;
  Options options = options_in(folder.path());
  options.secret_key = Secret();
  EXPECT_THROW(Book book(options), ConfigError);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PublicBookOptions, SayWhetherOtherCachesHearOfASave) {
  for (const bool feeds : {false, true}) {
    const TemporaryFolder folder;
    Options options = options_in(folder.path());
    options.feed_saves = feeds;
    Book book(options);
    Session made = book.open(std::nullopt);
    book.save(made);
    Session session = book.open(made.key());  // the cache has begun with that
    session.set("cart", 1);
    book.save(session);
    const auto rows = store::sqlite::open({.file = options.database})
                          ->connect(store::Access::read)
                          ->query("SELECT reason FROM innkeeper_ended", {});
    EXPECT_EQ(rows.size(), feeds ? 1U : 0U);
  }
}

TEST(PublicBookOptions, SayWhatLineWasLogged) {
  const TemporaryFolder folder;
  std::vector<std::string> lines;
  Options options = options_in(folder.path());
  options.log = [&lines](std::string_view channel, std::string_view line) {
    lines.push_back(std::string(channel) + ": " + std::string(line));
  };
  options.geoip = folder.path() / "no-such-file.mmdb";
  const Book book(options);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("no-such-file.mmdb"), std::string::npos);
}

}  // namespace
}  // namespace innkeeper
