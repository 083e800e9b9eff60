// No statement of daily life reads more of a table than it answers with: held by SQLite's own
// account of its plans.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/ended_table.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "store/sqlite/sqlite_database.h"
#include "store/user_table.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store {
namespace {

using Validity = SessionFilter::Validity;

// Passes everything on, and keeps the plan of every statement.
class PlanKeeper final : public Connection {
 public:
  explicit PlanKeeper(Connection& inner) : m_inner(inner) {}
  Dialect dialect() const override { return m_inner.dialect(); }
  Rows query(std::string_view sql, std::span<const Value> parameters) override {
    keep(sql, parameters);
    return m_inner.query(sql, parameters);
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    keep(sql, parameters);
    return m_inner.execute(sql, parameters);
  }
  void begin() override { m_inner.begin(); }
  void commit() override { m_inner.commit(); }
  void rollback() noexcept override { m_inner.rollback(); }
  void after_commit(std::function<void()> done) override { m_inner.after_commit(std::move(done)); }

  std::string plan;

 private:
  void keep(std::string_view sql, std::span<const Value> parameters) {
    for (const Row& row : m_inner.query("EXPLAIN QUERY PLAN " + std::string(sql), parameters)) {
      plan += as_text(row.at(3), "detail") + '\n';
    }
  }
  Connection& m_inner;
};

class QueryPlan : public testing::Test {
 protected:
  QueryPlan() {
    migrate(*m_lease, UserColumns{});
    m_filter.now = ManualClock().now();
  }

  // A scan that follows an index in the wanted order and stops at the limit is what a page is; a
  // scan of the table
  // ("SCAN innkeeper_session" without an index) or a sort is not.
  void expect_index(const std::string& index) const {
    const std::string& plan = m_keeper.plan;
    EXPECT_NE(plan.find(index), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN innkeeper_session\n"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN innkeeper_ended\n"), std::string::npos) << plan;
  }
  void expect_unsorted() const {
    EXPECT_EQ(m_keeper.plan.find("TEMP B-TREE"), std::string::npos) << m_keeper.plan;
  }
  SessionId some_id() const { return *SessionId::parse(std::string(40, 'a')); }

  test::TemporaryFolder m_folder;
  std::unique_ptr<Database> m_database =
      sqlite::open({.file = m_folder.path() / "sessions.sqlite3", .create = true});
  Database::Lease m_lease = m_database->connect(Access::write);
  PlanKeeper m_keeper{*m_lease};
  SessionTable m_sessions{m_keeper, KeyType::integer};
  EndedTable m_ended{m_keeper, KeyType::integer};
  SessionFilter m_filter;
};

TEST_F(QueryPlan, APageWithoutFilterWalksTheIndexOfActivity) {
  m_sessions.list(m_filter, {});
  expect_index("innkeeper_session_activity");
  expect_unsorted();
}

TEST_F(QueryPlan, ALaterPageStartsAtItsCursor) {
  for (const bool backwards : {false, true}) {
    m_keeper.plan.clear();
    m_sessions.list(m_filter,
                    {.cursor = SessionCursor{m_filter.now, some_id()}, .backwards = backwards});
    EXPECT_NE(m_keeper.plan.find("SEARCH innkeeper_session USING INDEX innkeeper_session_activity "
                                 "(last_activity"),
              std::string::npos)
        << m_keeper.plan;
    expect_unsorted();
  }
}

TEST_F(QueryPlan, APageOfManyActiveSessionsWalksTheIndexOfActivity) {
  m_filter.validity = Validity::active;
  for (int i = 0; i < 1000; ++i) {
    const std::string digits = std::to_string(i);
    const SessionId id = *SessionId::parse(std::string(40 - digits.size(), 'a') + digits);
    const Time at = m_filter.now;
    SessionTable(*m_lease, KeyType::integer)
        .insert({id, "", at + Seconds(60), {}, {}, at, at, at, 1});
  }
  m_sessions.list(m_filter, {});
  expect_index("innkeeper_session_activity");
  expect_unsorted();
}

// "10 million rows with 44 alive": a walk by activity would pass all the others to fill its page.
TEST_F(QueryPlan, AFewActiveSessionsAreFoundByTheirExpiryAndSorted) {
  m_filter.validity = Validity::active;
  m_sessions.list(m_filter, {.cursor = SessionCursor{m_filter.now, some_id()}});
  expect_index("innkeeper_session_expire (expire_date>?)");
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_activity"), std::string::npos) << m_keeper.plan;
}

TEST_F(QueryPlan, APageOfExpiredSessionsWalksTheIndexOfExpiry) {
  m_filter.validity = Validity::expired;
  m_sessions.list(m_filter, {});
  expect_index("innkeeper_session_expire (expire_date<?)");
  expect_unsorted();
}

TEST_F(QueryPlan, AUsersSessionsAreFoundByTheUser) {
  m_filter.user_id = "7";
  m_filter.validity = Validity::active;
  m_sessions.list(m_filter, {});
  m_sessions.remove_some(m_filter, 100);
  m_sessions.count(m_filter, 100);
  expect_index("innkeeper_session_user (user_id=?");
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_activity"), std::string::npos) << m_keeper.plan;
}

TEST_F(QueryPlan, SessionsOfOneAddressAreFoundByIt) {
  m_filter.network = IpNetwork::parse("203.0.113.7");
  m_sessions.list(m_filter, {});
  m_filter.validity = Validity::active;
  m_sessions.list(m_filter, {});
  m_sessions.count(m_filter, 100);
  expect_index("innkeeper_session_ip (ip=?)");
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_activity"), std::string::npos) << m_keeper.plan;
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_expire"), std::string::npos) << m_keeper.plan;
}

TEST_F(QueryPlan, SessionsOfANetworkAreFoundByWhatTheirAddressesShare) {
  for (const char* network : {"203.0.113.0/24", "203.0.112.0/20", "2001:db8::/32"}) {
    m_keeper.plan.clear();
    m_filter.network = IpNetwork::parse(network);
    m_sessions.list(m_filter, {});
    m_sessions.count(m_filter, 100);
    m_sessions.remove_some(m_filter, 100);
    expect_index("innkeeper_session_ip (ip>? AND ip<?)");
    EXPECT_EQ(m_keeper.plan.find("innkeeper_session_activity"), std::string::npos) << m_keeper.plan;
  }
}

TEST_F(QueryPlan, VisitorsAreFoundByTheirWantOfAUser) {
  m_filter.owner = SessionFilter::Owner::visitor;
  m_sessions.list(m_filter, {});
  m_sessions.remove_some(m_filter, 100);
  expect_index("innkeeper_session_user (user_id=?");
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_activity"), std::string::npos) << m_keeper.plan;
}

// Where the index leads to more than are worth sorting: some steps of the walk by activity, and
// where it stops is counted in the index alone.
TEST_F(QueryPlan, AWalkPastManyStopsByTheIndexOfActivity) {
  std::vector<SessionFilter> filters(3, m_filter);
  filters[0].owner = SessionFilter::Owner::visitor;
  filters[1].owner = SessionFilter::Owner::signed_in;
  filters[2].network = IpNetwork::parse("203.0.113.0/24");
  const Time at = m_filter.now;
  SessionTable(*m_lease, KeyType::integer)
      .insert({some_id(), "", at, {}, {IpAddress::parse("203.0.113.7"), {}, {}}, at, at, at, 1});
  for (const SessionFilter& filter : filters) {
    m_keeper.plan.clear();
    m_sessions.list(filter, {.look_at = 1});
    expect_index("USING COVERING INDEX innkeeper_session_activity");
    expect_unsorted();
  }
}

TEST_F(QueryPlan, OneOfAUsersSessionsIsFoundByItsKeyAlone) {
  m_filter.only = some_id();
  m_filter.user_id = "7";
  m_filter.validity = Validity::active;
  m_sessions.list(m_filter, {});
  EXPECT_EQ(m_keeper.plan,
            "SEARCH innkeeper_session USING INDEX sqlite_autoindex_innkeeper_session_1 "
            "(session_key=?)\n");
}

// They were looked for before, and not with the only writer's turn in hand.
TEST_F(QueryPlan, NamedSessionsAreRemovedByTheirKeys) {
  m_filter.network = IpNetwork::parse("203.0.112.0/20");
  m_filter.validity = Validity::active;
  m_filter.among.assign(100, some_id());
  m_sessions.remove_some(m_filter, 100);
  expect_index("sqlite_autoindex_innkeeper_session_1 (session_key=?)");
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_ip"), std::string::npos) << m_keeper.plan;
  EXPECT_EQ(m_keeper.plan.find("innkeeper_session_expire"), std::string::npos) << m_keeper.plan;
}

TEST_F(QueryPlan, ASessionIsFoundByItsKey) {
  m_sessions.find(some_id());
  m_sessions.touch(some_id(), {}, m_filter.now);
  m_sessions.versions(std::vector{some_id()});
  const Time now = m_filter.now;
  m_sessions.update({.id = some_id(), .data = ""}, SavedBase{now, SavedBase::Moments{now, now}});
  m_sessions.remove(some_id());
  expect_index("sqlite_autoindex_innkeeper_session_1 (session_key=?)");
}

TEST_F(QueryPlan, APurgeFindsTheOldestByTheIndex) {
  m_sessions.purge_expired(m_filter.now, {}, 1000);
  expect_index(
      "SEARCH innkeeper_session USING COVERING INDEX innkeeper_session_expire "
      "(expire_date<?)");
  expect_unsorted();
}

TEST_F(QueryPlan, APurgeOfIdleSessionsFindsThemByTheirIndex) {
  m_sessions.purge_expired(m_filter.now, Seconds(3600), 1000);
  expect_index("USING COVERING INDEX innkeeper_session_expire (expire_date<?)");
  expect_index("USING COVERING INDEX innkeeper_session_activity (last_activity<?)");
}

TEST_F(QueryPlan, TheFeedWalksThePrimaryKeyInOrder) {
  const std::vector<FeedRange> gaps{{1, 2}, {4, 4}};
  m_ended.feed(10, gaps, 100);
  expect_index("SEARCH innkeeper_ended USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
  expect_unsorted();
}

TEST_F(QueryPlan, TheEndsOfTheFeedAreLookedUp) {
  m_ended.extent();
  expect_index("SEARCH innkeeper_ended");
}

TEST_F(QueryPlan, AUsersHistoryIsFoundByTheUser) {
  m_ended.history({"7", {}}, 1000, 100);
  expect_index("innkeeper_ended_user (user_id=? AND id<?)");
  expect_unsorted();
}

TEST_F(QueryPlan, ASessionsHistoryIsFoundByItsKey) {
  m_ended.history({{}, some_id()}, {}, 100);
  m_ended.has(some_id());
  m_ended.forget_changes(some_id(), m_filter.now);
  m_ended.changed_last(some_id(), m_filter.now);
  m_ended.explain(std::vector{some_id()}, Reason::revoked, "command");
  expect_index("innkeeper_ended_session (session_key=?");
}

TEST_F(QueryPlan, OldHistoryIsFoundByItsEnd) {
  m_ended.note_changed(some_id(), m_filter.now);
  m_ended.purge(m_filter.now, 1000);
  expect_index("innkeeper_ended_at (ended_at<?)");
  expect_unsorted();
}

TEST_F(QueryPlan, ASearchFindsTheSpellingsOfANameByItsIndex) {
  const UserColumns columns;
  UserTable(m_keeper, columns).search("ali", 100);
  expect_index("sqlite_autoindex_auth_user_1 (username>? AND username<?)");
}

TEST_F(QueryPlan, ASearchGoesThroughTheNewestUsersByTheirKey) {
  const UserColumns columns;
  for (const char* name : {"one", "two", "three"}) {
    user::User user;
    user.username = name;
    UserTable(*m_lease, columns).create(user, m_filter.now);
  }
  UserTable(m_keeper, columns).search("ali", 100, 2);
  expect_index("SEARCH auth_user USING INTEGER PRIMARY KEY (rowid>?)");
  expect_unsorted();
}

}  // namespace
}  // namespace innkeeper::store
