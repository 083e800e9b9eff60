// The rules at work: text in, browser, system and hardware out.
#pragma once

#include <deque>
#include <stdexcept>

#include "device/candidates.h"
#include "device/device.h"
#include "device/pattern.h"
#include "device/rules.h"

namespace innkeeper::device {

// A pattern that RE2 or PCRE2 refuses; the message shows it and the reason.
class BadRule : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Immutable and thread-safe; patterns are compiled at their first use (pattern.h).
class RuleBook {
 public:
  enum class Check {
    filter,  // RE2 sees every pattern, as it must: for the compiled-in rules, which tests hold
    all,     // PCRE2 too, so that no rule of a site's own file is found bad later
  };
  // Throws BadRule.
  RuleBook(RuleTexts rules, Check check);

  // Fills browser, system and hardware as ua-parser's Python package does: in each section the
  // first matching rule wins, and what none matches stays empty. `text` holds no control
  // characters.
  void read(std::string_view text, Device& device) const;
  // Hardware alone, for a text in which a hint has put the model.
  void read_hardware(std::string_view text, Hardware& hardware) const;

 private:
  struct Range {
    int begin, end;
  };
  Range range(Section section) const;
  // The first of `possible` in the section that matches, or null.
  const RuleText* first_match(Section section, const std::vector<int>& possible,
                              std::string_view text, Groups& groups) const;

  RuleTexts m_rules;
  std::deque<Pattern> m_patterns;  // of all sections, one after the other; a Pattern can't move
  Candidates m_candidates;
};

// The three ways in which ua-parser fills fields from a match. Exposed for their tests.
//
// browser: `$1` in the family is group 1; the other parts are taken as they are; without a part the
// version comes from groups 2 to 5.
Browser fill_browser(const RuleText& rule, const Groups& groups);
// system: `$1` … `$9` in any part; an empty part n stands for `$n`; stripped of blanks.
System fill_system(const RuleText& rule, const Groups& groups);
// hardware: the same; family and model stand for `$1`, the brand for nothing.
Hardware fill_hardware(const RuleText& rule, const Groups& groups);

}  // namespace innkeeper::device
