// One rule's regular expression, compiled when it is first needed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace innkeeper::device {

// What a match's groups hold, 0 being the whole match; views into the text that was searched.
// A group that took no part is empty. Replacements name $1 to $9, so more are never asked for.
using Groups = std::array<std::string_view, 10>;

// Most of a thousand rules never match anything that visits a site, so a pattern is compiled at its
// first search. Thread-safe; two threads that come first at once both compile, and one result
// stays.
class Pattern {
 public:
  // `text` must stay as long as this does.
  Pattern(std::string_view text, bool any_case) noexcept : m_text(text), m_any_case(any_case) {}
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // Finds the first match. PCRE2 gives up beyond its match limit, which texts made to be slow
  // reach; then RE2, whose time is linear in the text, decides.
  bool search(std::string_view subject, Groups& groups) const;

  // PCRE2's reason to refuse the text, or an empty text. Keeps nothing.
  std::string fault() const;

 private:
  const void* compiled() const;
  bool search_without_backtracking(std::string_view subject, Groups& groups) const;

  std::string_view m_text;
  bool m_any_case;
  // pcre2_code and RE2: their headers stay in the source file.
  mutable std::atomic<void*> m_compiled{nullptr};
  mutable std::atomic<void*> m_linear{nullptr};
};

}  // namespace innkeeper::device
