// innkeeper_session.
#pragma once

#include "contract/store/harness.h"

namespace innkeeper::store::contract {

using Strings = std::vector<std::string>;

TEST_P(StoreContract, FindsWhatWasInsertedColumnForColumn) {
  SessionRecord record = record_of(1);
  record.data = std::string("eyJ\0 na\xc3\xafve", 12);
  record.client = {IpAddress::parse("2001:db8::1"), "Agent \xf0\x9f\x98\x80", "hints"};
  record.created_at = noon - 1h + 1us;
  record.last_activity = noon + 999999us;
  add(record, make_user("zoe"));
  const auto found = sessions().find(record.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, record.id);
  EXPECT_EQ(found->data, record.data);
  EXPECT_EQ(found->expire_date, record.expire_date);
  EXPECT_EQ(found->user_id, "1");
  EXPECT_EQ(found->client, record.client);
  EXPECT_EQ(found->created_at, record.created_at);
  EXPECT_EQ(found->updated_at, record.updated_at);
  EXPECT_EQ(found->last_activity, record.last_activity);
  EXPECT_EQ(found->version, 1);
}

TEST_P(StoreContract, FindsNothingForAnUnknownId) { EXPECT_FALSE(sessions().find(id_of(1))); }

TEST_P(StoreContract, AnIdIsTakenOnce) {
  add(record_of(1));
  EXPECT_EQ(kind_thrown_by([&] { add(record_of(1)); }), StoreError::Kind::constraint);
}

TEST_P(StoreContract, AnOwnerMustExist) {
  EXPECT_EQ(kind_thrown_by([&] { add(record_of(1), "4711"); }), StoreError::Kind::constraint);
}

TEST_P(StoreContract, UpdatesTheVersionThatItRead) {
  SessionRecord record = record_of(1);
  add(record);
  record.data = "new";
  EXPECT_TRUE(sessions().update(record));
  EXPECT_EQ(sessions().find(record.id)->version, 2);
  EXPECT_EQ(sessions().find(record.id)->data, "new");
}

TEST_P(StoreContract, RefusesAnUpdateOfAnOlderVersion) {
  SessionRecord record = record_of(1);
  add(record);
  sessions().update(record);
  record.data = "late";
  EXPECT_FALSE(sessions().update(record));
  EXPECT_EQ(sessions().find(record.id)->data, "payload 1");
}

TEST_P(StoreContract, RefusesAnUpdateOfARowThatWasShortened) {
  SessionRecord record = record_of(1);
  add(record);
  const Time known = record.expire_date;
  EXPECT_FALSE(sessions().update(record, SavedBase{known + 1s}));
  record.data = "in time";
  EXPECT_TRUE(sessions().update(record, SavedBase{known}));
  EXPECT_EQ(sessions().find(record.id)->data, "in time");
}

TEST_P(StoreContract, TellsTheVersionsOfManySessions) {
  std::vector<SessionId> ids;
  for (int i = 1; i <= 300; ++i) {
    if (i != 7) add(record_of(i));
    ids.push_back(id_of(i));
  }
  sessions().update(record_of(300));
  const auto versions = sessions().versions(ids);
  EXPECT_EQ(versions.size(), 299U);
  for (const auto& [id, version] : versions) {
    EXPECT_NE(id, id_of(7));
    EXPECT_EQ(version, id == id_of(300) ? 2 : 1);
  }
  EXPECT_TRUE(sessions().versions({}).empty());
}

// After a rollback a version's number is given again.
TEST_P(StoreContract, RefusesAnUpdateOfAnotherSaveUnderTheSameVersion) {
  SessionRecord record = record_of(1);
  add(record);
  const auto from = [&](Duration saved, Duration used) {
    return SavedBase{record.expire_date,
                     SavedBase::Moments{record.updated_at + saved, record.last_activity + used}};
  };
  const Duration none{0}, tick{1};
  EXPECT_FALSE(sessions().update(record, from(tick, none)));
  EXPECT_FALSE(sessions().update(record, from(none, tick))) << "it was used later than the row";
  EXPECT_TRUE(sessions().update(record, from(none, -tick)));
}

TEST_P(StoreContract, AnUpdateNeverBringsARowBack) {
  add(record_of(1));
  sessions().remove(id_of(1));
  EXPECT_FALSE(sessions().update(record_of(1)));
  EXPECT_FALSE(sessions().find(id_of(1)));
}

TEST_P(StoreContract, TouchWritesClientAndActivityOnly) {
  add(record_of(1));
  const session::Client client{IpAddress::parse("192.0.2.1"), "Agent", ""};
  EXPECT_TRUE(sessions().touch(id_of(1), client, noon + 1min));
  const auto found = sessions().find(id_of(1));
  EXPECT_EQ(found->client, client);
  EXPECT_EQ(found->last_activity, noon + 1min);
  EXPECT_EQ(found->version, 1);
}

TEST_P(StoreContract, ActivityNeverMovesBack) {
  add(record_of(1));
  EXPECT_TRUE(sessions().touch(id_of(1), {}, noon - 1min));
  EXPECT_EQ(sessions().find(id_of(1))->last_activity, noon);
}

TEST_P(StoreContract, ATouchLeavesAlreadyTouchedRowsAloneWhereItIsToldTo) {
  add(record_of(1));
  const session::Client late{IpAddress::parse("192.0.2.1"), "Agent", ""};
  EXPECT_FALSE(sessions().touch(id_of(1), late, noon + 1min, noon - 1s));
  EXPECT_NE(sessions().find(id_of(1))->client, late);
  EXPECT_TRUE(sessions().touch(id_of(1), late, noon + 1min, noon));
}

TEST_P(StoreContract, NamesAUsersClientsEachOnce) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 3; ++i) {
    SessionRecord record = record_of(i);
    record.client.user_agent = i == 3 ? "Agent 3" : "Agent";
    add(record, zoe);
  }
  add(record_of(4), make_user("kim"));
  sessions().remove(id_of(3));
  EXPECT_EQ(sessions().clients_of(zoe, 10).size(), 1U);
  EXPECT_EQ(sessions().clients_of(zoe, 10).at(0).user_agent, "Agent");
  EXPECT_EQ(ended().user_agents_of(zoe, 10), (Strings{"Agent 3"}));
  EXPECT_TRUE(sessions().clients_of("no key", 10).empty());
}

TEST_P(StoreContract, TouchSaysWhereThereIsNoRow) {
  EXPECT_FALSE(sessions().touch(id_of(1), {}, noon));
}

TEST_P(StoreContract, RemoveSaysWhetherTheRowWasThere) {
  add(record_of(1));
  EXPECT_TRUE(sessions().remove(id_of(1)));
  EXPECT_FALSE(sessions().remove(id_of(1)));
}

TEST_P(StoreContract, ListsNewestFirstInPages) {
  for (int i = 1; i <= 5; ++i) add(record_of(i, noon + Seconds(i)));
  const SessionPage first = sessions().list({}, {.size = 2});
  EXPECT_EQ(numbers(first), (std::vector{5, 4}));
  EXPECT_FALSE(first.previous);
  const SessionPage second = sessions().list({}, {.size = 2, .cursor = first.next});
  EXPECT_EQ(numbers(second), (std::vector{3, 2}));
  const SessionPage last = sessions().list({}, {.size = 2, .cursor = second.next});
  EXPECT_EQ(numbers(last), (std::vector{1}));
  EXPECT_FALSE(last.next);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 2, .cursor = last.previous, .backwards = true})),
            (std::vector{3, 2}));
}

TEST_P(StoreContract, PagesOfOneMomentMissAndRepeatNothing) {
  for (int i = 1; i <= 7; ++i) add(record_of(i));
  std::vector<int> seen;
  std::optional<SessionCursor> cursor;
  do {
    const SessionPage page = sessions().list({}, {.size = 2, .cursor = cursor});
    for (const int number : numbers(page)) seen.push_back(number);
    cursor = page.next;
  } while (cursor && seen.size() < 20);
  EXPECT_EQ(seen, (std::vector{7, 6, 5, 4, 3, 2, 1}));
}

TEST_P(StoreContract, BackwardsOnTheFirstPageThereIsNothingBefore) {
  for (int i = 1; i <= 4; ++i) add(record_of(i, noon + Seconds(i)));
  const SessionPage first = sessions().list({}, {.size = 2});
  const SessionPage second = sessions().list({}, {.size = 2, .cursor = first.next});
  const SessionPage again =
      sessions().list({}, {.size = 2, .cursor = second.previous, .backwards = true});
  EXPECT_EQ(numbers(again), (std::vector{4, 3}));
  EXPECT_FALSE(again.previous);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 2, .cursor = again.next})), (std::vector{2, 1}));
}

TEST_P(StoreContract, ListsActiveAndExpiredApart) {
  for (int i = 1; i <= 4; ++i) {
    SessionRecord record = record_of(i, noon + Seconds(i));
    record.expire_date = noon + Seconds(i);
    add(record);
  }
  SessionFilter filter;
  filter.now = noon + 2s;
  filter.validity = SessionFilter::Validity::active;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{4, 3}));
  filter.validity = SessionFilter::Validity::expired;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{2, 1}));
  EXPECT_EQ(sessions().count(filter, 9), 2);
}

TEST_P(StoreContract, TheTimeoutsCountAsExpiry) {
  SessionRecord idle = record_of(1, noon);
  SessionRecord old = record_of(2, noon);
  idle.last_activity = noon - 10min;
  old.created_at = noon - 10h;
  add(idle);
  add(old);
  add(record_of(3));
  SessionFilter filter;
  filter.now = noon;
  filter.idle_timeout = 600s;
  filter.absolute_timeout = 36000s;
  filter.validity = SessionFilter::Validity::active;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{3}));
  filter.validity = SessionFilter::Validity::expired;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{2, 1}));
}

TEST_P(StoreContract, FiltersByOwner) {
  const std::string zoe = make_user("zoe"), max = make_user("max");
  add(record_of(1), zoe);
  add(record_of(2), max);
  add(record_of(3));
  SessionFilter filter;
  filter.user_id = zoe;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{1}));
  filter = {};
  filter.user_ids = {zoe, max, "not a key"};
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{2, 1}));
  filter = {};
  filter.owner = SessionFilter::Owner::visitor;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{3}));
  filter.owner = SessionFilter::Owner::signed_in;
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{2, 1}));
}

TEST_P(StoreContract, WhatCannotBeAUsersKeyMatchesNothing) {
  add(record_of(1));
  SessionFilter filter;
  filter.user_id = "1 OR 1=1";
  EXPECT_EQ(sessions().count(filter, 9), 0);
}

TEST_P(StoreContract, FiltersByNetworkOfEitherFamily) {
  int number = 0;
  for (const char* address : {"192.0.2.7", "192.0.3.1", "2001:db8::1", "2001:db9::1"}) {
    SessionRecord record = record_of(++number);
    record.client.ip = IpAddress::parse(address);
    add(record);
  }
  add(record_of(5));  // without an address
  const auto matching = [&](const char* network) {
    SessionFilter filter;
    filter.network = IpNetwork::parse(network);
    return numbers(sessions().list(filter, {.size = 9}));
  };
  EXPECT_EQ(matching("192.0.2.0/24"), (std::vector{1}));
  EXPECT_EQ(matching("192.0.2.7"), (std::vector{1}));
  EXPECT_EQ(matching("0.0.0.0/0"), (std::vector{2, 1}));
  EXPECT_EQ(matching("2001:db8::/32"), (std::vector{3}));
  EXPECT_EQ(matching("::/0"), (std::vector{4, 3}));
}

// Every length of prefix, found by the index and by walking past the others.
TEST_P(StoreContract, FindsExactlyTheAddressesOfANetwork) {
  const std::vector<std::string> addresses{
      "203.0.112.1", "203.0.113.9", "203.0.127.255",   "203.0.128.0",  "203.1.0.1",
      "20.30.1.1",   "2001:db8::1", "2001:db8:0:1::5", "2001:db8:7::", "2001::1",
      "2001:0:1::1", "::1",         "fe80::1"};
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    SessionRecord record = record_of(static_cast<int>(i) + 1);
    record.client.ip = IpAddress::parse(addresses[i]);
    add(record);
  }
  for (const std::string& address : addresses) {
    for (int length = 0; length <= (address.find(':') == std::string::npos ? 32 : 128); ++length) {
      const auto network = IpNetwork::parse(address + '/' + std::to_string(length));
      SessionFilter filter;
      filter.network = network;
      std::vector<int> inside;
      for (std::size_t i = addresses.size(); i-- > 0;) {
        if (network->contains(*IpAddress::parse(addresses[i])))
          inside.push_back(static_cast<int>(i) + 1);
      }
      EXPECT_EQ(numbers(sessions().list(filter, {})), inside) << network->to_string();
      EXPECT_EQ(walk(filter, {.look_at = 1}), inside) << network->to_string();
      EXPECT_EQ(sessions().count(filter, 99), std::ssize(inside)) << network->to_string();
    }
  }
}

// Whoever looks for one session among millions must not keep a worker until they are gone through.
TEST_P(StoreContract, AListThatPassesOverManyStopsAndGoesOn) {
  const std::string zoe = make_user("zoe");
  add(record_of(1, noon + Seconds(1)), zoe);
  for (int i = 2; i <= 10; ++i) add(record_of(i, noon + Seconds(i)));
  SessionFilter filter;
  filter.owner = SessionFilter::Owner::signed_in;
  const SessionPage first = sessions().list(filter, {.look_at = 3});
  EXPECT_TRUE(first.sessions.empty());
  EXPECT_EQ(first.looked_to, noon + Seconds(8));
  EXPECT_FALSE(first.previous);
  const SessionPage second = sessions().list(filter, {.cursor = first.next, .look_at = 3});
  EXPECT_TRUE(second.sessions.empty());
  EXPECT_EQ(second.looked_to, noon + Seconds(5));
  EXPECT_TRUE(second.previous);
  EXPECT_EQ(walk(filter, {.look_at = 3}), (std::vector{1}));
  const SessionPage last = sessions().list(filter, {.cursor = second.next, .look_at = 9});
  EXPECT_EQ(numbers(last), (std::vector{1}));
  EXPECT_FALSE(last.looked_to) << "all that is left was looked at";
}

TEST_P(StoreContract, AWalkInStepsMissesAndRepeatsNothing) {
  const std::string zoe = make_user("zoe"), max = make_user("max");
  for (int i = 1; i <= 24; ++i) {
    SessionRecord record = record_of(i, noon + Seconds(i / 4));  // four in each moment
    record.expire_date = noon + Seconds(i % 5 * 3);
    record.client.ip = IpAddress::parse(i % 3 == 0 ? "192.0.2.7" : "2001:db8::1");
    if (i % 7 < 2)
      add(record, i % 7 == 0 ? zoe : max);
    else
      add(record);
  }
  std::vector<SessionFilter> filters(8);
  filters[0].owner = SessionFilter::Owner::signed_in;
  filters[1].owner = SessionFilter::Owner::visitor;
  filters[2].network = IpNetwork::parse("192.0.2.0/25");
  filters[3].user_id = zoe;
  filters[4].user_ids = {zoe, max};
  filters[5].validity = SessionFilter::Validity::active;
  filters[6].validity = SessionFilter::Validity::expired;
  filters[7].validity = SessionFilter::Validity::expired;
  filters[7].idle_timeout = 2s;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    filters[i].now = noon + Seconds(6);
    const auto whole = numbers(sessions().list(filters[i], {}));
    EXPECT_FALSE(whole.empty()) << i;
    for (const int look_at : {1, 2, 3, 7, 24, 25}) {
      for (const int size : {1, 2, 30}) {
        EXPECT_EQ(walk(filters[i], {.size = size, .look_at = look_at}), whole)
            << "filter " << i << ", looking at " << look_at << " for pages of " << size;
        EXPECT_EQ(walk_back(filters[i], {.size = size, .look_at = look_at}), whole)
            << "filter " << i << ", looking at " << look_at << " for pages of " << size;
      }
    }
  }
}

TEST_P(StoreContract, OnlyAndExceptNameSessions) {
  for (int i = 1; i <= 5; ++i) add(record_of(i));
  SessionFilter filter;
  filter.except = {id_of(2), id_of(4), id_of(5)};
  EXPECT_EQ(numbers(sessions().list(filter, {.size = 9})), (std::vector{3, 1}));
  filter.only = id_of(2);
  EXPECT_EQ(sessions().count(filter, 9), 0);
  filter.except.clear();
  EXPECT_EQ(sessions().count(filter, 9), 1);
}

TEST_P(StoreContract, CountsNoFurtherThanTheLimit) {
  for (int i = 1; i <= 5; ++i) add(record_of(i));
  EXPECT_EQ(sessions().count({}, 3), 3);
  EXPECT_EQ(sessions().count({}, 10), 5);
}

TEST_P(StoreContract, RemovesABatchAndNamesIt) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 5; ++i) add(record_of(i), zoe);
  add(record_of(6));
  SessionFilter filter;
  filter.user_id = zoe;
  filter.except = {id_of(1)};
  std::vector<RemovedSession> gone;
  EXPECT_EQ(sessions().remove_some(filter, 3, &gone), 3);
  EXPECT_EQ(gone.size(), 3U);
  for (const auto& [id, user] : gone) {
    EXPECT_FALSE(sessions().find(id));
    EXPECT_EQ(user, zoe);
  }
  EXPECT_EQ(sessions().remove_some(filter, 3), 1);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 9})), (std::vector{6, 1}));
}

TEST_P(StoreContract, RemovesThoseOfTheNamedThatFit) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 4; ++i) add(record_of(i), i % 2 == 0 ? std::optional(zoe) : std::nullopt);
  SessionFilter filter;
  filter.owner = SessionFilter::Owner::visitor;
  filter.among = {id_of(1), id_of(2), id_of(9)};
  EXPECT_EQ(sessions().remove_some(filter, 10), 1);
  EXPECT_EQ(numbers(sessions().list({}, {})), (std::vector{4, 3, 2}));
}

// Somebody wrote it there by hand: it must not keep all the others.
TEST_P(StoreContract, ARowWhoseKeyIsNoDigestGoesWithTheOthers) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 6; ++i) add(record_of(i, noon - Seconds(i)), zoe);
  write_by_hand(2);
  write_by_hand(5);
  SessionFilter filter;
  filter.user_id = zoe;
  std::vector<RemovedSession> gone;
  EXPECT_EQ(sessions().remove_some(filter, 3, &gone) + sessions().remove_some(filter, 3, &gone), 6)
      << "fewer than asked for would be the last";
  EXPECT_EQ(gone.size(), 4U);
  for (int i = 1; i <= 6; ++i) add(record_of(i, noon - Seconds(i)), zoe);
  write_by_hand(2);
  gone.clear();
  EXPECT_EQ(sessions().purge_expired(noon + 24h, {}, 10, &gone), 6);
  EXPECT_EQ(gone.size(), 5U);
}

TEST_P(StoreContract, AListPassesOverRowsWhoseKeyIsNoDigest) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 24; ++i) {
    const auto user = i % 2 == 0 ? std::optional(zoe) : std::nullopt;
    add(record_of(i, noon + Seconds(i / 4)), user);
  }
  for (const int i : {1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 22, 24}) write_by_hand(i);
  SessionFilter owned;
  owned.owner = SessionFilter::Owner::signed_in;
  for (const int look_at : {1, 2, 3, 7, 100}) {
    for (const int size : {1, 2, 3, 30}) {
      const SessionPlace place{.size = size, .look_at = look_at};
      const std::vector all{23, 21, 20, 19, 18, 17, 7, 6, 5, 4, 3}, hers{20, 18, 6, 4};
      EXPECT_EQ(walk({}, place), all) << size << ' ' << look_at;
      EXPECT_EQ(walk_back({}, place), all) << size << ' ' << look_at;
      EXPECT_EQ(walk(owned, place), hers) << size << ' ' << look_at;
      EXPECT_EQ(walk_back(owned, place), hers) << size << ' ' << look_at;
    }
  }
}

TEST_P(StoreContract, PurgesOldestFirstAndNotesTheSignedIn) {
  const std::string zoe = make_user("zoe");
  for (int i = 1; i <= 4; ++i) {
    SessionRecord record = record_of(i, Time{} + Seconds(i));
    record.expire_date = Time{} + Seconds(i);  // long ago by anybody's clock
    add(record, i % 2 == 0 ? std::optional(zoe) : std::nullopt);
  }
  add(record_of(5), zoe);
  EXPECT_EQ(sessions().purge_expired(noon, {}, 3), 3);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 9})), (std::vector{5, 4}));
  EXPECT_EQ(story(), (Strings{"2 expired"}));
  std::vector<RemovedSession> removed;
  EXPECT_EQ(sessions().purge_expired(noon, {}, 3, &removed), 1);
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].id, id_of(4));
  EXPECT_EQ(removed[0].user_id, zoe);
  EXPECT_EQ(sessions().purge_expired(noon, {}, 3), 0);
}

TEST_P(StoreContract, PurgesIdleSessionsAndNotesEachOnce) {
  SessionRecord idle = record_of(1);
  idle.last_activity = noon - 1h;
  add(idle, make_user("zoe"));
  SessionRecord both = record_of(2);
  both.last_activity = both.expire_date = noon - 2h;
  add(both);
  add(record_of(3));
  EXPECT_EQ(sessions().purge_expired(noon, Seconds(3600), 10), 2);
  EXPECT_EQ(numbers(sessions().list({}, {.size = 9})), (std::vector{3}));
  EXPECT_EQ(sessions().purge_expired(noon, Seconds(3600), 10), 0);
  const Strings told = story();
  EXPECT_EQ(std::count(told.begin(), told.end(), "1 expired"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "1 removed"), 0);
}

}  // namespace innkeeper::store::contract
