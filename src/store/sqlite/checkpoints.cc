#include "store/sqlite/checkpoints.h"

namespace innkeeper::store::sqlite {

void Checkpoints::note(int wal_pages) {
  // A log that was carried over whole begins anew with the next commit.
  if (wal_pages < m_last) m_last = 0;
  m_pages = wal_pages;
}

bool Checkpoints::begin(int pages) {
  if (m_pages - m_last < pages || m_under_way.exchange(true)) return false;
  m_last = m_pages.load();
  return true;
}

}  // namespace innkeeper::store::sqlite
