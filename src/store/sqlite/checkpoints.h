// When the write-ahead log goes into the database file, and who waits for that.
//
// SQLite would do it in the commit that makes the log long enough, with the writer's turn still
// taken: everybody else who writes waits for two fsyncs and as many scattered pages as the log has.
// A checkpoint needs no such turn (https://www.sqlite.org/wal.html, "Checkpointing"), so it is made
// without it: by upkeep where there is one, else by who wrote last, after giving the turn back.
// Only a log that grows all the same is dealt with inside the turn.
#pragma once

#include <atomic>

namespace innkeeper::store::sqlite {

// Thread-safe.
class Checkpoints {
 public:
  static constexpr int pages_for_upkeep = 250;
  static constexpr int pages_for_writers = 1000;  // SQLite's own default for wal_autocheckpoint
  static constexpr int pages_to_finish = 2 * pages_for_writers;
  static constexpr int most_pages = 4 * pages_for_writers;

  // How long the log is after a commit.
  void note(int wal_pages);
  // Whether others have written so steadily that a checkpoint beside them never came to the end.
  bool is_overlong() const { return m_pages >= most_pages; }
  // Whether it is on the way there. Then upkeep finishes, within a turn, what it has just done
  // beside: little is left to be written and synced, where an overlong log would take long.
  bool is_long() const { return m_pages >= pages_to_finish; }
  // Whether a checkpoint is due, because the log has grown by so many pages since the last, and
  // nobody makes one: then it is the caller's to make, and to say done().
  bool begin(int pages);
  void done() { m_under_way = false; }

 private:
  std::atomic<bool> m_under_way{false};
  std::atomic<int> m_pages{0};
  std::atomic<int> m_last{0};  // how long the log was at the last checkpoint
};

}  // namespace innkeeper::store::sqlite
