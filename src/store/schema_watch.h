// A database whose tables are looked at again and again: who upgrades or replaces it while a
// program runs must not have that program write into tables that it does not know.
#pragma once

#include <atomic>
#include <string>

#include "base/clock.h"
#include "store/connection.h"
#include "store/user_table.h"

namespace innkeeper::store {

// The database that is handed to it, behind a look every few seconds whether the tables are those
// of this program (check_schema) and the user table has the columns that the settings name.
// Thread-safe.
class SchemaWatch final : public Database {
 public:
  static constexpr Seconds look_every{5};

  // All outlive the watch.
  SchemaWatch(Database& database, const UserColumns& users, const Clock& clock)
      : m_database(database), m_users(users), m_clock(clock) {}

  // Both throw StoreError (missing, newer) where the tables are not what they should be; the next
  // call looks again.
  Lease connect(Access access) override { return looked_at(m_database.connect(access)); }
  Lease connect_unless_busy() override { return looked_at(m_database.connect_unless_busy()); }
  void upkeep() noexcept override { m_database.upkeep(); }
  std::string describe() const override { return m_database.describe(); }

 private:
  bool is_due() const;
  Lease looked_at(Lease connection);

  Database& m_database;
  const UserColumns& m_users;
  const Clock& m_clock;
  std::atomic<Time::rep> m_looked_at{0};
};

}  // namespace innkeeper::store
