#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

class Upkeep : public test::EngineFixture {
 protected:
  void short_sessions(Engine& book, int count, std::int64_t seconds) {
    for (int i = 0; i < count; ++i) {
      Session session;
      session.set_expiry(seconds);
      book.save(session, {});
    }
  }
};

TEST_F(Upkeep, RemovesWhatHasEndedInBatchesAndNothingElse) {
  const auto book = open_engine();
  short_sessions(*book, 25, 60);
  const std::string alive = cookie_of(new_session(*book));
  clock.advance(Seconds(61));
  EXPECT_EQ(book->clear_expired({.dry_run = true}).sessions, 25);
  std::vector<std::int64_t> progress;
  const auto report = book->clear_expired(
      {.batch_size = 10, .progress = [&](std::int64_t n) { progress.push_back(n); }});
  EXPECT_EQ(report.sessions, 25);
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(progress, (std::vector<std::int64_t>{10, 20, 25}));
  EXPECT_TRUE(book->open(alive).exists());
  EXPECT_EQ(ask_number("SELECT count(*) FROM innkeeper_session"), 1);
}

TEST_F(Upkeep, StopsWhenItsBudgetIsOverAndSaysSo) {
  const auto book = open_engine();
  short_sessions(*book, 25, 60);
  clock.advance(Seconds(61));
  const auto report =
      book->clear_expired({.batch_size = 10, .budget = std::chrono::milliseconds(0)});
  EXPECT_EQ(report.sessions, 10);
  EXPECT_FALSE(report.finished);
}

TEST_F(Upkeep, StopsAfterABatchWhenAskedTo) {
  const auto book = open_engine();
  short_sessions(*book, 25, 60);
  clock.advance(Seconds(61));
  std::stop_source source;
  const auto report = book->clear_expired(
      {.batch_size = 10, .stop = source.get_token(), .progress = [&](std::int64_t) {
         source.request_stop();
       }});
  EXPECT_EQ(report.sessions, 10);
  EXPECT_FALSE(report.finished);
  EXPECT_EQ(book->clear_expired({}).sessions, 15);
}

TEST_F(Upkeep, RemovesIdleSessionsToo) {
  auto settings = test::test_settings();
  settings.expiry.idle_timeout = Seconds(100);
  const auto book = open_engine(&cache, settings);
  new_session(*book);
  clock.advance(Seconds(101));
  EXPECT_EQ(book->clear_expired({}).sessions, 1);
}

TEST_F(Upkeep, KeepsTheHistoryForItsAge) {
  clock.set(SystemClock().now());  // the triggers stamp history with the database's own clock
  const auto book = open_engine();
  const Session session = new_session(*book);
  book->revoke(session.snapshot()->id, {});
  EXPECT_EQ(book->clear_expired({}).history, 0);
  clock.advance(book->settings().history_age + std::chrono::hours(1));
  EXPECT_EQ(book->clear_expired({.dry_run = true}).history, 1);
  EXPECT_EQ(book->clear_expired({}).history, 1);
}

TEST_F(Upkeep, ADryRunCountsWhatARunWouldRemove) {
  new_session(*open_engine());  // from before there was an absolute timeout: its date counts
  auto settings = test::test_settings();
  settings.expiry.absolute_timeout = Seconds(100);
  const auto book = open_engine(&cache, settings);
  short_sessions(*book, 3, 60);
  clock.advance(Seconds(101));
  EXPECT_EQ(book->clear_expired({.dry_run = true}).sessions, 3);
  EXPECT_EQ(book->clear_expired({}).sessions, 3);
}

TEST_F(Upkeep, WritesTheOwnersOfExpiredSessionsIntoTheHistory) {
  const auto book = open_engine();
  Accounts accounts(*book, random);
  const auto user =
      *accounts.find(accounts.create({.username = "ada", .is_active = true}, Secret("pass")));
  Session session;
  session.set_expiry(60);
  accounts.sign_in(session, user, {});
  short_sessions(*book, 3, 60);
  clock.advance(Seconds(61));
  EXPECT_EQ(book->clear_expired({}).sessions, 4);
  const auto history = book->history({}, std::nullopt, 10).records;
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].reason, store::Reason::expired);
  EXPECT_EQ(history[0].user_id, user.id);
}

}  // namespace
}  // namespace innkeeper::engine
