#include "store/sqlite/checkpoints.h"

namespace innkeeper::store::sqlite {

Checkpoints::Due Checkpoints::after_commit(int wal_pages) {
  // A log that was carried over whole begins anew with the next commit.
  if (wal_pages < m_last) m_last = 0;
  if (wal_pages - m_last < pages_between) return Due::not_yet;
  if (wal_pages >= most_pages) {
    m_last = 0;
    return Due::within;
  }
  if (m_under_way.exchange(true)) return Due::not_yet;
  m_last = wal_pages;
  return Due::beside;
}

}  // namespace innkeeper::store::sqlite
