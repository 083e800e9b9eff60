// Which rules can match a text at all: a few of more than a thousand, found in one pass.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace innkeeper::device {

// RE2's FilteredRE2 says which short texts ("atoms") a match of each pattern must contain; we look
// for the atoms ourselves and ask it back which patterns can match. Thread-safe once built.
class Candidates {
 public:
  Candidates();
  ~Candidates();
  Candidates(Candidates&&) noexcept;
  Candidates& operator=(Candidates&&) noexcept;

  // Adds a pattern; it gets the next number, from 0. Returns RE2's reason where it refuses it,
  // else an empty text.
  std::string add(std::string_view pattern, bool any_case);
  // Call once, after the last add.
  void compile();

  // Puts the numbers of the patterns that may match `text`, ascending, into `possible`. A pattern
  // that isn't among them doesn't match.
  void find(std::string_view text, std::vector<int>& possible) const;
  // Whether the automaton alone says that the pattern may match; for a long list of alternatives,
  // which it takes all at once, and a backtracking engine one by one at each byte.
  bool may_match(int number, std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// What the filter is given instead of a pattern: something that matches all that the pattern
// matches, and may match more.
// - `.{0,300}` is `.*` and `.{1,300}` is `.+`, for counts of 100 and more: an automaton would
// repeat
//   the part that often.
// - `X-?5` is `X(?:-|)5` and ` {0,2}` is `(?:| |  )`: the same to a reader, but RE2's filter looks
//   for no text across a `?`, and across an alternation it does ("x-5" or "x5").
// A pattern with escapes by number, quoted text or named classes stays as it is.
std::string filter_form(std::string_view pattern);

}  // namespace innkeeper::device
