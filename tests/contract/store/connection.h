// The port itself: values, transactions, what follows a commit.
#pragma once

#include "contract/store/harness.h"

namespace innkeeper::store::contract {

TEST_P(StoreContract, ATransactionThatIsNotCommittedNeverWas) {
  {
    const Transaction transaction(connection());
    add(record_of(1));
  }
  EXPECT_FALSE(sessions().find(id_of(1)));
}

TEST_P(StoreContract, ATransactionIsSeenByOthersAfterItsCommit) {
  Transaction transaction(connection());
  add(record_of(1));
  const auto seen = [&] {
    const auto lease = database().connect(Access::read);
    return SessionTable(*lease, KeyType::integer).find(id_of(1)).has_value();
  };
  EXPECT_FALSE(seen());
  transaction.commit();
  EXPECT_TRUE(seen());
}

TEST_P(StoreContract, AnInnerTransactionIsUndoneAlone) {
  Transaction outer(connection());
  add(record_of(1));
  {
    const Transaction inner(connection());
    add(record_of(2));
  }
  {
    Transaction inner(connection());
    add(record_of(3));
    inner.commit();
  }
  outer.commit();
  EXPECT_TRUE(sessions().find(id_of(1)));
  EXPECT_FALSE(sessions().find(id_of(2)));
  EXPECT_TRUE(sessions().find(id_of(3)));
}

TEST_P(StoreContract, AnOuterRollbackTakesTheInnerCommitWithIt) {
  {
    const Transaction outer(connection());
    Transaction inner(connection());
    add(record_of(1));
    inner.commit();
  }
  EXPECT_FALSE(sessions().find(id_of(1)));
}

TEST_P(StoreContract, ARefusedRowLeavesTheTransactionToItsRollback) {
  add(record_of(1));
  {
    const Transaction transaction(connection());
    add(record_of(2));
    EXPECT_EQ(kind_thrown_by([&] { add(record_of(1)); }), StoreError::Kind::constraint);
  }
  EXPECT_FALSE(sessions().find(id_of(2)));
  add(record_of(3));  // and the connection goes on
  EXPECT_TRUE(sessions().find(id_of(3)));
}

TEST_P(StoreContract, AfterCommitRunsAtOnceOutsideATransaction) {
  int calls = 0;
  connection().after_commit([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST_P(StoreContract, AfterCommitWaitsForTheOutermostCommit) {
  int calls = 0;
  Transaction outer(connection());
  Transaction inner(connection());
  connection().after_commit([&] { ++calls; });
  inner.commit();
  EXPECT_EQ(calls, 0);
  outer.commit();
  EXPECT_EQ(calls, 1);
}

TEST_P(StoreContract, AfterCommitNeverRunsAfterARollback) {
  int undone = 0, kept = 0;
  Transaction outer(connection());
  connection().after_commit([&] { ++kept; });
  {
    const Transaction inner(connection());
    connection().after_commit([&] { ++undone; });
  }
  outer.commit();
  {
    const Transaction whole(connection());
    connection().after_commit([&] { ++undone; });
  }
  add(record_of(1));
  EXPECT_EQ(kept, 1);
  EXPECT_EQ(undone, 0);
}

// So that who holds the other end of it knows that it will not run.
TEST_P(StoreContract, AfterCommitIsDroppedWithTheRollback) {
  const auto kept = std::make_shared<int>(), undone = std::make_shared<int>();
  Transaction outer(connection());
  connection().after_commit([kept] {});
  {
    const Transaction inner(connection());
    connection().after_commit([undone] {});
    EXPECT_EQ(undone.use_count(), 2);
  }
  EXPECT_EQ(undone.use_count(), 1);
  EXPECT_EQ(kept.use_count(), 2);
  outer.commit();
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_P(StoreContract, AfterCommitFindsTheTransactionOver) {
  bool seen = false;
  Transaction transaction(connection());
  add(record_of(1));
  connection().after_commit([&] {
    const auto lease = database().connect(Access::read);
    seen = SessionTable(*lease, KeyType::integer).find(id_of(1)).has_value();
  });
  transaction.commit();
  EXPECT_TRUE(seen);
}

TEST_P(StoreContract, AWrongNumberOfParametersIsAFaultOfTheProgram) {
  EXPECT_EQ(kind_thrown_by([&] { connection().query("SELECT ?", {}); }), StoreError::Kind::misuse);
}

TEST_P(StoreContract, AnAbandonedTransactionIsUndoneWithItsLease) {
  {
    const auto lease = database().connect(Access::write);
    lease->begin();
    SessionTable(*lease, KeyType::integer).insert(record_of(1));
  }
  EXPECT_FALSE(sessions().find(id_of(1)));
}

}  // namespace innkeeper::store::contract
