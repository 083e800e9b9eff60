#include "device/candidates.h"

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>

#include "device/pattern.h"
#include "device/rules.h"
#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

TEST(Candidates, AreThePatternsWhoseAtomsTheTextHas) {
  Candidates candidates;
  ASSERT_EQ(candidates.add("Firefox/(\\d+)", false), "");
  ASSERT_EQ(candidates.add("(Chrome|Chromium)/(\\d+)", false), "");
  ASSERT_EQ(candidates.add("Gecko.{0,200}Firefox", false), "");
  candidates.compile();
  std::vector<int> possible;
  candidates.find("Gecko/20100101 Firefox/128.0", possible);
  EXPECT_EQ(possible, (std::vector<int>{0, 2}));
}

TEST(Candidates, KeepAPatternWithoutAnyFixedText) {
  Candidates candidates;
  ASSERT_EQ(candidates.add("Firefox", false), "");
  ASSERT_EQ(candidates.add("^.(\\d+)$", false), "");
  candidates.compile();
  std::vector<int> possible;
  candidates.find("x7", possible);
  EXPECT_EQ(possible, std::vector<int>{1});
}

TEST(Candidates, TellWhyAPatternIsRefused) {
  Candidates candidates;
  EXPECT_NE(candidates.add("(unclosed", false), "");
}

TEST(FilterForm, ShrinksLongCountsAndNoShortOnes) {
  EXPECT_EQ(filter_form("a.{0,200}b{1,300}?c{0,99}d{100}"), "a.*b+?c{0,99}d{100}");
}

TEST(FilterForm, WritesOptionalCharactersAsAlternatives) {
  EXPECT_EQ(filter_form("; {0,2}X\\-?5"), ";(?:| |  )X(?:\\-|)5");
  EXPECT_EQ(filter_form("a??b"), "(?:a|)b");
}

TEST(FilterForm, LeavesGroupsClassesAndKindsOfCharacters) {
  for (const char* pattern :
       {"(?:a|b)?", "[a-z ?]?", "\\d?", ".?", "[]a?]", "[^]\\]a?]", "(a?:b)"}) {
    const std::string expected = std::string_view(pattern) == "(a?:b)" ? "((?:a|):b)" : pattern;
    EXPECT_EQ(filter_form(pattern), expected);
  }
}

TEST(FilterForm, LeavesWhatItDoesNotUnderstand) {
  for (const char* pattern : {"\\x41?", "\\Qa?\\E", "[[:alpha:]x]a?", "\\pN?a?", "\\"}) {
    EXPECT_EQ(filter_form(pattern), pattern);
  }
}

// The filter may only leave out what can't match: every rule is tried on every tenth text.
TEST(Candidates, NeverLeaveOutARuleThatMatches) {
  const RuleTexts rules = copy_of_built_in_rules();
  Candidates candidates;
  std::deque<Pattern> patterns;
  for (const auto& section : rules.sections) {
    for (const RuleText& rule : section) {
      ASSERT_EQ(candidates.add(rule.pattern, rule.any_case), "");
      patterns.emplace_back(rule.pattern, rule.any_case);
    }
  }
  candidates.compile();
  const auto rows = table("reference.tsv");
  for (std::size_t row = 0; row < rows.size(); row += 10) {
    const std::string& text = rows[row].back();
    std::vector<int> possible;
    candidates.find(text, possible);
    Groups groups;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (!patterns[i].search(text, groups)) continue;
      EXPECT_TRUE(std::binary_search(possible.begin(), possible.end(), static_cast<int>(i)))
          << text << " is matched by rule " << i;
    }
  }
}

}  // namespace
}  // namespace innkeeper::device
