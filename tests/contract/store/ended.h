// innkeeper_ended: what the triggers write, the feed and the history.
#pragma once

#include "contract/store/sessions.h"

namespace innkeeper::store::contract {

TEST_P(StoreContract, ARemovalByAnybodyIsInTheFeed) {
  add(record_of(1));
  run("DELETE FROM innkeeper_session");
  EXPECT_EQ(story(), (Strings{"1 removed"}));
}

TEST_P(StoreContract, ACascadeFromADeletedUserIsInTheFeed) {
  const std::string zoe = make_user("zoe");
  add(record_of(1), zoe);
  add(record_of(2), zoe);
  add(record_of(3));
  run("DELETE FROM auth_user WHERE id = " + zoe);
  EXPECT_EQ(story().size(), 2U);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 9})), (std::vector{3}));
}

TEST_P(StoreContract, TheRemovalOfAnExpiredRowIsNot) {
  SessionRecord record = record_of(1);
  record.expire_date = Time{} + 1h;
  add(record);
  sessions().remove(record.id);
  EXPECT_EQ(story(), Strings{});
}

TEST_P(StoreContract, AShortenedLifeIsInTheFeed) {
  add(record_of(1));
  SessionRecord shorter = record_of(1);
  shorter.expire_date = noon;
  sessions().update(shorter);
  EXPECT_EQ(story(), (Strings{"1 shortened"}));
}

TEST_P(StoreContract, ALongerOrEqualLifeIsNot) {
  add(record_of(1));
  SessionRecord record = record_of(1);
  sessions().update(record);
  record.version = 2;
  record.expire_date = noon + 48h;
  sessions().update(record);
  EXPECT_EQ(story(), Strings{});
}

TEST_P(StoreContract, AChangedKeyEndsTheOldOne) {
  add(record_of(1));
  run("UPDATE innkeeper_session SET session_key = '" + id_of(2).text() + "'");
  EXPECT_EQ(story(), (Strings{"1 removed"}));
}

TEST_P(StoreContract, TheFeedRowKeepsWhatThePagesShow) {
  SessionRecord record = record_of(1);
  record.client = {IpAddress::parse("192.0.2.1"), "Agent", "hints"};
  const std::string zoe = make_user("zoe");
  add(record, zoe);
  sessions().remove(record.id);
  const EndedRecord ended_record = ended().history({}, {}, 1).records.at(0);
  EXPECT_EQ(ended_record.user_id, zoe);
  EXPECT_EQ(ended_record.client, (session::Client{record.client.ip, "Agent", ""}));
  EXPECT_EQ(ended_record.created_at, record.created_at);
  const auto away = std::chrono::abs(ended_record.ended_at - SystemClock().now());
  EXPECT_LT(away, 1h);  // the database's clock, in UTC
}

TEST_P(StoreContract, ExplainSaysWhyAndByWhom) {
  for (int i = 1; i <= 4; ++i) add(record_of(i));
  SessionFilter filter;
  filter.except = {id_of(4)};
  Transaction transaction(connection());
  std::vector<SessionId> gone;
  std::vector<RemovedSession> removed;
  sessions().remove_some(filter, 10, &removed);
  for (const auto& session : removed) gone.push_back(session.id);
  ended().explain(gone, Reason::revoked, "user 7");
  transaction.commit();
  sessions().remove(id_of(4));
  Strings told = story();
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told, (Strings{"1 revoked by user 7", "2 revoked by user 7", "3 revoked by user 7",
                           "4 removed"}));
}

TEST_P(StoreContract, ExplainLeavesAnEarlierShorteningAlone) {
  add(record_of(1));
  SessionRecord shorter = record_of(1);
  shorter.expire_date = noon + 1h;
  sessions().update(shorter);
  sessions().remove(id_of(1));
  ended().explain(std::vector{id_of(1)}, Reason::signed_out, "user 1");
  EXPECT_EQ(story(), (Strings{"1 shortened", "1 signed out by user 1"}));
}

TEST_P(StoreContract, ExplainTakesAnyNumberOfIds) {
  std::vector<SessionId> ids;
  for (int i = 1; i <= 600; ++i) {
    add(record_of(i));
    ids.push_back(id_of(i));
  }
  sessions().remove_some({}, 1000);
  ended().explain(ids, Reason::revoked, "command");
  for (const EndedRecord& record : ended().history({}, {}, 1000).records) {
    ASSERT_EQ(record.reason, Reason::revoked);
  }
}

// Ids of the feed, for five changes noted.
inline std::vector<int> ids_of(const std::vector<FeedRow>& feed) {
  std::vector<int> ids;
  for (const FeedRow& row : feed) ids.push_back(static_cast<int>(row.id));
  return ids;
}

TEST_P(StoreContract, TheFeedGoesOnAfterAnId) {
  for (int i = 1; i <= 5; ++i) ended().note_changed(id_of(i), noon);
  EXPECT_EQ(ids_of(ended().feed(0, {}, 10)), (std::vector{1, 2, 3, 4, 5}));
  EXPECT_EQ(ids_of(ended().feed(3, {}, 10)), (std::vector{4, 5}));
  EXPECT_EQ(ids_of(ended().feed(5, {}, 10)), std::vector<int>{});
  EXPECT_EQ(ended().feed(3, {}, 10).front().session_key, id_of(4));
}

TEST_P(StoreContract, TheFeedLooksIntoGapsInOrder) {
  for (int i = 1; i <= 9; ++i) ended().note_changed(id_of(i), noon);
  const std::vector<FeedRange> gaps{{5, 6}, {2, 2}, {3, 3}};
  EXPECT_EQ(ids_of(ended().feed(8, gaps, 10)), (std::vector{2, 3, 5, 6, 9}));
  EXPECT_EQ(ids_of(ended().feed(8, gaps, 3)), (std::vector{2, 3, 5}));
}

TEST_P(StoreContract, TheFeedTakesAnyNumberOfGaps) {
  for (int i = 1; i <= 400; ++i) ended().note_changed(id_of(i), noon);
  std::vector<FeedRange> gaps;
  for (int i = 2; i <= 398; i += 2) gaps.push_back({i, i});
  const auto ids = ids_of(ended().feed(399, gaps, 1000));
  EXPECT_EQ(ids.size(), 200U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(ids.back(), 400);
}

TEST_P(StoreContract, ARowThatIsRolledBackLeavesAGapThatIsNeverFilled) {
  ended().note_changed(id_of(1), noon);
  {
    const Transaction undone(connection());
    ended().note_changed(id_of(2), noon);
  }
  ended().note_changed(id_of(3), noon);
  EXPECT_EQ(ended().feed(0, {}, 10).size(), 2U);
}

TEST_P(StoreContract, AnIdIsNeverUsedTwice) {
  for (int i = 1; i <= 3; ++i) ended().note_changed(id_of(i), noon);
  run("DELETE FROM innkeeper_ended");
  ended().note_changed(id_of(4), noon);
  EXPECT_EQ(ended().extent(), (FeedRange{4, 4}));
}

TEST_P(StoreContract, TheExtentOfAnEmptyFeedIsNothing) {
  EXPECT_FALSE(ended().extent());
  for (int i = 1; i <= 3; ++i) ended().note_changed(id_of(i), noon);
  EXPECT_EQ(ended().extent(), (FeedRange{1, 3}));
}

TEST_P(StoreContract, TheLastIdBeforeAMoment) {
  EXPECT_EQ(ended().last_before(noon), 0);
  for (int i = 1; i <= 3; ++i) ended().note_changed(id_of(i), noon + Seconds(i));
  EXPECT_EQ(ended().last_before(noon + 1s), 0);
  EXPECT_EQ(ended().last_before(noon + 3s), 2);
  EXPECT_EQ(ended().last_before(noon + 1h), 3);
}

TEST_P(StoreContract, HistoryComesNewestFirstInPagesWithoutChanges) {
  for (int i = 1; i <= 5; ++i) {
    add(record_of(i));
    sessions().remove(id_of(i));
    ended().note_changed(id_of(i), noon);
  }
  const EndedPage first = ended().history({}, {}, 2);
  ASSERT_EQ(first.records.size(), 2U);
  EXPECT_EQ(first.records[0].session_key, id_of(5));
  const EndedPage second = ended().history({}, first.next, 2);
  EXPECT_EQ(second.records.at(0).session_key, id_of(3));
  const EndedPage last = ended().history({}, second.next, 2);
  EXPECT_EQ(last.records.size(), 1U);
  EXPECT_FALSE(last.next);
}

TEST_P(StoreContract, HistoryOfAUserAndOfASession) {
  const std::string zoe = make_user("zoe");
  add(record_of(1), zoe);
  add(record_of(2));
  sessions().remove_some({}, 10);
  EXPECT_EQ(ended().history({zoe, {}}, {}, 9).records.at(0).session_key, id_of(1));
  EXPECT_EQ(ended().history({{}, id_of(2)}, {}, 9).records.size(), 1U);
  EXPECT_TRUE(ended().history({"no key", {}}, {}, 9).records.empty());
}

TEST_P(StoreContract, TellsAChangeFromAnEndAndFromAnOlderChange) {
  ended().note_changed(id_of(1), noon);
  EXPECT_TRUE(ended().changed_last(id_of(1), noon - 1s));
  EXPECT_FALSE(ended().changed_last(id_of(1), noon));
  EXPECT_FALSE(ended().changed_last(id_of(2), noon - 1s));
  add(record_of(2));
  ended().note_changed(id_of(2), noon);
  sessions().remove(id_of(2));
  EXPECT_FALSE(ended().changed_last(id_of(2), noon - 1s)) << "saved, and ended after that";
}

TEST_P(StoreContract, ForgetsTheChangesOfOneSessionThatAreOld) {
  for (int i = 0; i < 5; ++i) ended().note_changed(id_of(1), noon + Seconds(i));
  ended().note_changed(id_of(2), noon);
  add(record_of(3));
  sessions().remove(id_of(3));
  ended().forget_changes(id_of(1), noon + 3s);
  ended().forget_changes(id_of(3), noon + 48h);
  EXPECT_EQ(ended().feed(0, {}, 10).size(), 4U);
  EXPECT_TRUE(ended().has(id_of(1)));
  EXPECT_TRUE(ended().has(id_of(3))) << "that is an end";
  ended().forget_changes(id_of(1), noon + 3s);
  EXPECT_EQ(ended().feed(0, {}, 10).size(), 4U);
}

TEST_P(StoreContract, PurgesOldHistoryInBatches) {
  for (int i = 1; i <= 5; ++i) ended().note_changed(id_of(i), noon + Seconds(i));
  EXPECT_EQ(ended().purge(noon + 5s, 3), 3);
  EXPECT_EQ(ended().purge(noon + 5s, 3), 1);
  EXPECT_EQ(ended().extent(), (FeedRange{5, 5}));
}

// Else the ids would seem to begin anew, and some databases begin them anew after a crash.
TEST_P(StoreContract, APurgeLeavesTheNewestRowAndNothingOfWhomItWasAbout) {
  for (int i = 1; i <= 3; ++i) add(record_of(i));
  for (int i = 1; i <= 3; ++i) sessions().remove(id_of(i));
  const Time later = noon + Seconds(365LL * 86400 * 200);
  EXPECT_EQ(ended().count_before(later), 3);
  EXPECT_EQ(ended().purge(later, 10), 3);
  EXPECT_EQ(ended().count_before(later), 0);
  EXPECT_EQ(ended().purge(later, 10), 0);
  EXPECT_EQ(ended().extent(), (FeedRange{3, 3}));
  EXPECT_TRUE(ended().history({}, {}, 10).records.empty());
  const Rows left = connection().query(
      "SELECT user_id, ip, created_at, user_agent, actor FROM innkeeper_ended", {});
  EXPECT_EQ(left.size(), 1U);
  for (std::size_t column = 0; column < 3; ++column)
    EXPECT_TRUE(is_null(left[0].at(column))) << column;
  EXPECT_EQ(as_text(left[0].at(3), "user_agent"), "");
}

}  // namespace innkeeper::store::contract
