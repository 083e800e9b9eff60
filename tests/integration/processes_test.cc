// Several processes of one site on one SQLite file and one LMDB cache, and what becomes of the
// others when one is killed.
//
// Every process has its own clock, which the test sets; so nothing here waits for time to pass.
#include <memory>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/settings.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper {
namespace {

class Processes : public ::testing::Test {
 protected:
  Processes() {
    ::signal(SIGPIPE, SIG_IGN);
    const auto database = store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
    store::migrate(*database->connect(store::Access::write), engine::Settings().users);
  }
  std::unique_ptr<test::ChildProcess> start() {
    return std::make_unique<test::ChildProcess>(std::vector<std::string>{
        INNKEEPER_GUEST_WORKER, (folder / "book.sqlite3").string(), (folder / "cache").string()});
  }
  // Moves the clock of every process on by one second.
  void a_second_later() {
    now += Seconds(1);
    for (auto* process : {one.get(), two.get()})
      process->ask("now " + std::to_string(now.time_since_epoch().count()));
  }
  static std::set<std::string> words(const std::string& line) {
    std::istringstream in(line);
    return {std::istream_iterator<std::string>(in), {}};
  }

  test::TemporaryFolder folder;
  Time now = ManualClock().now();
  std::unique_ptr<test::ChildProcess> one = start(), two = start();
};

TEST_F(Processes, ShareASessionAndItsEnd) {
  const std::string cookie = one->ask("create");
  EXPECT_EQ(two->ask("open " + cookie), "first");
  EXPECT_EQ(two->ask("save " + cookie + " second"), "updated");
  EXPECT_EQ(one->ask("open " + cookie), "first second");
  EXPECT_EQ(one->ask("revoke " + cookie), "ended");
  EXPECT_EQ(two->ask("open " + cookie), "-") << "at once: they share the cache";
}

TEST_F(Processes, ReadTheNewPayloadOfASaverThatWasKilledBeforeItToldTheCache) {
  const std::string cookie = one->ask("create");
  EXPECT_EQ(two->ask("open " + cookie), "first");
  one->ask("die save: the row is written, the cache not yet");
  EXPECT_EQ(one->ask("save " + cookie + " second"), "(gone)");
  EXPECT_EQ(two->ask("open " + cookie), "first second");
}

TEST_F(Processes, KeepTheOldPayloadOfASaverThatWasKilledBeforeItWrote) {
  const std::string cookie = one->ask("create");
  one->ask("die save: announced, the row not yet written");
  EXPECT_EQ(one->ask("save " + cookie + " second"), "(gone)");
  EXPECT_EQ(two->ask("open " + cookie), "first");
  EXPECT_EQ(two->ask("save " + cookie + " third"), "updated");
  EXPECT_EQ(two->ask("open " + cookie), "first third");
}

TEST_F(Processes, EndWithinASecondWhatAProcessEndedThatWasKilledBeforeItToldTheCache) {
  const std::string cookie = one->ask("create");
  EXPECT_EQ(two->ask("open " + cookie), "first");
  EXPECT_EQ(two->ask("open " + cookie), "first");
  one->ask("die end: the row is gone, the cache not yet told");
  EXPECT_EQ(one->ask("revoke " + cookie), "(gone)");
  one = start();
  a_second_later();
  EXPECT_EQ(two->ask("open " + cookie), "-");
  EXPECT_EQ(one->ask("open " + cookie), "-");
}

TEST_F(Processes, BringNothingBackThroughAReaderThatWasSlow) {
  const std::string cookie = one->ask("create");
  one->ask("die load: the row is read, the cache not yet filled");
  EXPECT_EQ(one->ask("open " + cookie), "(gone)");
  EXPECT_EQ(two->ask("revoke " + cookie), "ended");
  one = start();
  EXPECT_EQ(one->ask("open " + cookie), "-");
}

// Both save as fast as they can; one is killed wherever it happens to be, and started again.
TEST_F(Processes, LoseNoSaveThatWasConfirmedWhenOneIsKilledInTheMiddle) {
  const std::string cookie = one->ask("create");
  std::set<std::string> confirmed;
  constexpr int saves = 40;
  two->send("storm " + cookie + " two " + std::to_string(saves));
  for (int life = 0; life < 6; ++life) {
    const std::string name = "one" + std::to_string(life) + "x";
    one->send("storm " + cookie + " " + name + " 100000");
    for (int i = 0; i < 5 + life * 3; ++i) {
      if (words("updated merged").contains(one->receive()))
        confirmed.insert(name + std::to_string(i));
    }
    one->kill();
    one = start();
  }
  for (int i = 0; i < saves; ++i) {
    if (words("updated merged").contains(two->receive()))
      confirmed.insert("two" + std::to_string(i));
  }
  EXPECT_EQ(two->receive(), "done");
  EXPECT_GT(confirmed.size(), 60u);
  const auto there = words(one->ask("open " + cookie));
  for (const std::string& name : confirmed)
    EXPECT_TRUE(there.contains(name)) << name << " was confirmed and is lost";
}

}  // namespace
}  // namespace innkeeper
