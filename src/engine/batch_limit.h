// How many rows a batch of upkeep may remove, learnt from how long the batches took.
//
// Others that write wait for a batch to end: it should take no longer than `patience`, on any
// machine and in a table of any size. A part of that is the commit's, however few rows there are (a
// rollback journal is synced two or three times), so a limit grows again wherever more rows fit,
// and never falls so low that nearly all of the time is the commit's.
#pragma once

#include <algorithm>
#include <chrono>

namespace innkeeper::engine {

class BatchLimit {
 public:
  static constexpr std::chrono::microseconds patience{25'000};
  static constexpr int first = 100;  // rows
  static constexpr int fewest = 25;  // rows, whatever they take

  explicit BatchLimit(int most) : m_most(most), m_rows(std::min(first, most)) {}

  int rows() const { return m_rows; }

  // After a batch of so many rows.
  void learn(std::chrono::steady_clock::duration took) {
    if (took > patience) {
      m_rows = std::min(std::max(m_rows / 2, fewest), m_rows);
    } else if (took < patience / 2) {
      m_rows = std::min(m_rows * 2, m_most);
    } else if (took < patience * 3 / 4) {
      m_rows = std::min(m_rows + m_rows / 4, m_most);
    }
  }

 private:
  int m_most;
  int m_rows;
};

}  // namespace innkeeper::engine
