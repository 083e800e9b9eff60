// The contract of a database, kept by the driver `sqlite`.
#include "contract/store_contract.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"

namespace innkeeper::store::contract {

namespace {

class SqliteHarness final : public Harness {
 public:
  Database& database() override { return *m_database; }

 private:
  test::TemporaryFolder m_folder;
  std::unique_ptr<Database> m_database =
      sqlite::open({.file = m_folder.path() / "sessions.sqlite3", .create = true});
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(Driver{"sqlite",
                                                [] { return std::make_unique<SqliteHarness>(); }}),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace

}  // namespace innkeeper::store::contract
