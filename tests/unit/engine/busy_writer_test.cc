// Noting a use while somebody else holds the database's writer: a page that only reads must not
// wait.
#include "engine/busy_writer.h"

#include "tests/support/engine_fixture.h"

namespace innkeeper::engine {
namespace {

// Whose writer is busy while the test says so, for five seconds of the clock at each try.
class BusyDatabase final : public store::Database {
 public:
  BusyDatabase(store::Database& database, ManualClock& clock)
      : m_database(database), m_clock(clock) {}
  Lease connect(store::Access access) override {
    if (access == store::Access::write) refuse(Seconds(5));
    return m_database.connect(access);
  }
  Lease connect_unless_busy() override {
    refuse(Seconds(0));
    return m_database.connect_unless_busy();
  }
  std::string describe() const override { return m_database.describe(); }

  std::optional<StoreError::Kind> refusal;
  int tries = 0;

 private:
  void refuse(Seconds after) {
    if (!refusal) return;
    ++tries;
    m_clock.advance(after);
    throw StoreError(*refusal, "refused by the test");
  }
  store::Database& m_database;
  ManualClock& m_clock;
};

// A driver that waits as long as it likes, as the host's does.
class PatientDatabase final : public store::Database {
 public:
  explicit PatientDatabase(store::Database& database) : m_database(database) {}
  Lease connect(store::Access access) override { return m_database.connect(access); }
  std::string describe() const override { return m_database.describe(); }

 private:
  store::Database& m_database;
};

class BusyWriterTest : public test::EngineFixture {
 protected:
  std::unique_ptr<Engine> open_on(store::Database& with) {
    return std::make_unique<Engine>(test::test_settings(), with, &cache, clock, random, log);
  }
  // Two sessions whose use is due to be noted, on a writer that refuses.
  void begin(Engine& book) {
    one = new_session(book);
    other = new_session(book);
    clock.advance(Seconds(60));
    busy.refusal = StoreError::Kind::locked;
  }
  BusyDatabase busy{*database, clock};
  PatientDatabase patient{busy};
  Session one, other;
};

TEST_F(BusyWriterTest, NotingAUseDoesNotWaitForTheWriter) {
  const auto book = open_on(busy);
  begin(*book);
  const Time before = clock.now();
  EXPECT_THROW(book->touch(one, {}), StoreError);
  EXPECT_EQ(clock.now(), before);
}

TEST_F(BusyWriterTest, AfterOneThatFoundItBusyTheOthersLeaveItAloneForAWhile) {
  const auto book = open_on(busy);
  begin(*book);
  EXPECT_THROW(book->touch(one, {}), StoreError);
  EXPECT_FALSE(book->touch(one, {}));
  EXPECT_FALSE(book->touch(other, {}));
  EXPECT_EQ(busy.tries, 1);
  clock.advance(Seconds(3));
  EXPECT_THROW(book->touch(other, {}), StoreError);
  EXPECT_EQ(busy.tries, 2);
  busy.refusal.reset();
  clock.advance(Seconds(3));
  EXPECT_TRUE(book->touch(one, {}));
  EXPECT_TRUE(book->touch(other, {}));
}

TEST_F(BusyWriterTest, TheWhileBeginsWhereALongWaitEnded) {
  const auto book = open_on(patient);
  begin(*book);
  EXPECT_THROW(book->touch(one, {}), StoreError);
  EXPECT_FALSE(book->touch(other, {}));
  EXPECT_EQ(busy.tries, 1);
}

TEST_F(BusyWriterTest, WhatIsNoBusyWriterIsToldEachTime) {
  const auto book = open_on(busy);
  begin(*book);
  busy.refusal = StoreError::Kind::read_only;
  EXPECT_THROW(book->touch(one, {}), StoreError);
  EXPECT_THROW(book->touch(one, {}), StoreError);
}

TEST_F(BusyWriterTest, ASaveIsNotLeftOut) {
  const auto book = open_on(busy);
  begin(*book);
  EXPECT_THROW(book->touch(one, {}), StoreError);
  busy.refusal.reset();
  one.set("cart", "2");
  EXPECT_EQ(book->save(one, {}), Saved::updated);
}

TEST(BusyWriter, AClockThatWasSetBackDoesNotMakeTheWhileLonger) {
  const Time noon = ManualClock().now();
  BusyWriter writer;
  EXPECT_FALSE(writer.is_left_alone(noon));
  writer.met(noon);
  EXPECT_TRUE(writer.is_left_alone(noon));
  EXPECT_FALSE(writer.is_left_alone(noon - Seconds(60)));
}

}  // namespace
}  // namespace innkeeper::engine
