// When the write-ahead log goes into the database file, and who waits for that.
//
// SQLite would do it in the commit that makes the log long enough, with the writer's turn still
// taken: everybody else who writes waits for two fsyncs and as many scattered pages as the log has.
// A checkpoint needs no such turn (https://www.sqlite.org/wal.html, "Checkpointing"), so it is made
// after the turn was given back; only a log that grows all the same is dealt with inside it.
#pragma once

#include <atomic>

namespace innkeeper::store::sqlite {

// Thread-safe.
class Checkpoints {
 public:
  static constexpr int pages_between = 1000;  // SQLite's own default for wal_autocheckpoint
  static constexpr int most_pages = 4 * pages_between;

  enum class Due {
    not_yet,
    beside,  // after the writer's turn was given back; whoever is told so makes it, then says
             // done()
    within,  // before it is given back: others have written so steadily that no other way ends
  };

  // `wal_pages` is how long the log was after the last commit.
  Due after_commit(int wal_pages);
  void done() { m_under_way = false; }

 private:
  std::atomic<bool> m_under_way{false};
  std::atomic<int> m_last{0};  // how long the log was at the last checkpoint
};

}  // namespace innkeeper::store::sqlite
