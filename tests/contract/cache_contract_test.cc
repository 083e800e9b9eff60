// The drivers that need no server.
#include "contract/cache_contract.h"

#include "cache/lmdb/lmdb_cache.h"
#include "support/memory_cache.h"
#include "support/temporary_folder.h"

namespace innkeeper::cache {
namespace {

class LmdbOnTrial final : public CacheOnTrial {
 public:
  Cache& cache() override { return *m_cache; }
  Cache& other_handle() override { return *m_other; }
  void let_pass(Seconds time) override { m_clock.advance(time); }

 private:
  test::TemporaryFolder m_directory;
  ManualClock m_clock;
  lmdb::Options m_options{m_directory.path() / "cache", 32u << 20};
  std::unique_ptr<Cache> m_cache = lmdb::open(m_options, m_clock, null_log());
  std::unique_ptr<Cache> m_other = lmdb::open(m_options, m_clock, null_log());
};

class MemoryOnTrial final : public CacheOnTrial {
 public:
  Cache& cache() override { return m_cache; }
  Cache& other_handle() override { return m_cache; }
  void let_pass(Seconds time) override { m_clock.advance(time); }

 private:
  ManualClock m_clock;
  test::MemoryCache m_cache{m_clock};
};

std::unique_ptr<CacheOnTrial> make_lmdb() { return std::make_unique<LmdbOnTrial>(); }
std::unique_ptr<CacheOnTrial> make_memory() { return std::make_unique<MemoryOnTrial>(); }

INSTANTIATE_TEST_SUITE_P(Lmdb, CacheContract, testing::Values(&make_lmdb));
INSTANTIATE_TEST_SUITE_P(Memory, CacheContract, testing::Values(&make_memory));

}  // namespace
}  // namespace innkeeper::cache
