// One engine, many threads, the embedded drivers: nothing is lost and nothing comes back. The
// thread sanitizer's turn.
#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "cache/lmdb/lmdb_cache.h"
#include "engine/engine.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::engine {
namespace {

class Threads : public ::testing::Test {
 protected:
  Threads() { store::migrate(*database->connect(store::Access::write), Settings().users); }
  static Settings settings() {
    Settings settings;
    settings.keys.secret_key = Secret("a key for a test of threads");
    return settings;
  }
  // Runs `what` on so many threads, which start together.
  template <class What>
  static void together(int count, What what) {
    std::latch start(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        what(i);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::string new_cookie() {
    Session session;
    session.set("first", "1");
    book.save(session, {});
    return std::string(session.key()->reveal());
  }

  test::TemporaryFolder folder;
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<store::Database> database =
      store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
  std::unique_ptr<cache::Cache> cache =
      cache::lmdb::open({.directory = folder / "cache"}, clock, null_log());
  Engine book{settings(), *database, cache.get(), clock, random, null_log()};
};

TEST_F(Threads, LoseNoChangeToOneSession) {
  const std::string cookie = new_cookie();
  together(4, [&](int thread) {
    for (int i = 0; i < 25; ++i) {
      Session session = book.open(cookie);
      session.set("t" + std::to_string(thread) + "_" + std::to_string(i), "1");
      EXPECT_NE(book.save(session, {}), Saved::ended);
    }
  });
  EXPECT_EQ(book.open(cookie).fields().size(), 1u + 4 * 25);
}

TEST_F(Threads, SeeNoSessionAgainOnceItWasEnded) {
  for (int round = 0; round < 20; ++round) {
    const std::string cookie = new_cookie();
    std::atomic<bool> ended{false};
    together(4, [&](int thread) {
      if (thread == 0) {
        book.revoke(SessionKey::parse(cookie)->id(), {});
        ended = true;
        return;
      }
      for (int i = 0; i < 30; ++i) {
        const bool must_be_gone = ended;
        Session session = book.open(cookie);
        EXPECT_FALSE(must_be_gone && session.exists());
        if (session.exists() && thread == 1) {
          session.set("late", std::to_string(i));
          book.save(session, {});
        }
      }
    });
    EXPECT_FALSE(book.open(cookie).exists());
  }
}

TEST_F(Threads, PurgeBesideReadersAndWriters) {
  const std::string cookie = new_cookie();
  for (int i = 0; i < 200; ++i) {
    Session session;
    session.set_expiry(-1);
    book.save(session, {});
  }
  std::atomic<std::int64_t> purged{0};
  together(3, [&](int thread) {
    if (thread == 0) {
      purged = book.clear_expired({.batch_size = 20}).sessions;
      return;
    }
    for (int i = 0; i < 50; ++i) {
      Session session = book.open(cookie);
      ASSERT_TRUE(session.exists());
      session.set("n" + std::to_string(thread), std::to_string(i));
      book.save(session, {});
    }
  });
  EXPECT_EQ(purged, 200);
  EXPECT_EQ(*book.open(cookie).get("n1"), "49");
}

}  // namespace
}  // namespace innkeeper::engine
