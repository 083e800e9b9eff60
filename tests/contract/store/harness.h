// The database under test, and rows to put into it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "session/key.h"
#include "session/record.h"
#include "store/ended_table.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "store/user_table.h"

namespace innkeeper::store::contract {

using namespace std::chrono_literals;

// An empty database of one driver, removed when it goes.
class Harness {
 public:
  virtual ~Harness() = default;
  virtual Database& database() = 0;
};
struct Driver {
  std::string name;
  std::function<std::unique_ptr<Harness>()> make;
};

// 2100-01-01 00:00:00: whatever ends after it is alive by the database's own clock.
inline const Time noon = ManualClock().now();

// The same id for the same number, and in the order of the numbers.
inline SessionId id_of(int number) {
  std::string digits = std::to_string(number);
  return *SessionId::parse(std::string(SessionId::length - digits.size(), '0') + digits);
}

inline SessionRecord record_of(int number, Time at = noon) {
  return {id_of(number), "payload " + std::to_string(number), at + 24h, {}, {}, at, at, at, 1};
}

inline std::vector<int> numbers(const SessionPage& page) {
  std::vector<int> numbers;
  for (const auto& session : page.sessions) numbers.push_back(std::stoi(session.id.text()));
  return numbers;
}

class StoreContract : public testing::TestWithParam<Driver> {
 protected:
  void SetUp() override {
    m_harness = GetParam().make();
    migrate(*database().connect(Access::write), UserColumns{});
  }
  void TearDown() override { m_lease.reset(); }

  Database& database() { return m_harness->database(); }
  // One writing connection for the whole test.
  Connection& connection() {
    if (!m_lease) m_lease = database().connect(Access::write);
    return *m_lease;
  }
  SessionTable sessions() { return {connection(), KeyType::integer}; }
  EndedTable ended() { return {connection(), KeyType::integer}; }
  UserTable users() { return {connection(), m_columns}; }

  std::string make_user(const std::string& name) {
    user::User user;
    user.username = name;
    user.email = name + "@example.com";
    user.password = Secret("!");
    user.is_active = true;
    return users().create(user, noon);
  }
  void add(SessionRecord record, const std::optional<std::string>& user = {}) {
    record.user_id = user;
    sessions().insert(record);
  }
  // Gives a session a key that is none of ours.
  void write_by_hand(int number) {
    run("UPDATE innkeeper_session SET session_key = 'by hand " + std::to_string(number) +
        "' WHERE session_key = '" + id_of(number).text() + "'");
  }
  std::int64_t run(const std::string& sql) { return connection().execute(sql, {}); }

  // The numbers of all sessions that a list leads to, page after page from the newest, or back from
  // the oldest (in the list's order too).
  std::vector<int> walk(const SessionFilter& filter, SessionPlace place) {
    std::vector<int> found;
    for (int pages = 0; pages < 200; ++pages) {
      const SessionPage page = sessions().list(filter, place);
      const std::vector<int> more = numbers(page);
      found.insert(place.backwards ? found.begin() : found.end(), more.begin(), more.end());
      place.cursor = place.backwards ? page.previous : page.next;
      if (!place.cursor) return found;
    }
    ADD_FAILURE() << "the list never ends";
    return found;
  }
  std::vector<int> walk_back(const SessionFilter& filter, SessionPlace place) {
    place.backwards = true;
    place.cursor = SessionCursor{noon - 24h, id_of(0)};
    return walk(filter, place);
  }

  // Why each session ended, oldest first: "17 removed" for the session of id_of(17).
  std::vector<std::string> story() {
    std::vector<std::string> lines;
    const EndedPage page = ended().history({}, {}, 100);
    for (auto record = page.records.rbegin(); record != page.records.rend(); ++record) {
      lines.push_back(std::to_string(std::stoi(record->session_key.text())) + ' ' +
                      std::string(to_string(record->reason)) +
                      (record->actor.empty() ? "" : " by " + record->actor));
    }
    return lines;
  }

 private:
  std::unique_ptr<Harness> m_harness;
  Database::Lease m_lease;
  const UserColumns m_columns{};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreContract);

template <class Body>
StoreError::Kind kind_thrown_by(Body body) {
  try {
    body();
  } catch (const StoreError& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return StoreError::Kind::misuse;
}

}  // namespace innkeeper::store::contract
