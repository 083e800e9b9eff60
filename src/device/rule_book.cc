#include "device/rule_book.h"

#include <algorithm>

#include "base/trim.h"
#include "base/utf8.h"
#include "device/text.h"

namespace innkeeper::device {
namespace {

// Patterns from this length on are lists of hundreds of names: see Candidates::may_match.
constexpr std::size_t long_pattern = 500;

constexpr std::array sections{Section::browser, Section::system, Section::hardware};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `$d` becomes group d; a group that isn't there becomes nothing.
std::string expand(std::string_view part, const Groups& groups) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '$' && i + 1 < part.size() && is_digit(part[i + 1])) {
      const auto number = static_cast<std::size_t>(part[++i] - '0');
      if (number > 0) out += groups[number];
    } else {
      out += part[i];
    }
  }
  return valid_utf8(trimmed(out, white_space));
}

std::string expand_or(std::string_view part, std::string_view otherwise, const Groups& groups) {
  return expand(part.empty() ? otherwise : part, groups);
}

std::string part_or_group(std::string_view part, std::string_view group) {
  return valid_utf8(part.empty() ? group : part);
}

std::string browser_family(std::string_view part, std::string_view first_group) {
  if (part.empty()) return valid_utf8(first_group);
  std::string family(part);
  for (std::size_t at = 0; (at = family.find("$1", at)) != family.npos; at += first_group.size()) {
    family.replace(at, 2, first_group);
  }
  return valid_utf8(family);
}

}  // namespace

Browser fill_browser(const RuleText& rule, const Groups& groups) {
  return {browser_family(rule.parts[0], groups[1]), part_or_group(rule.parts[1], groups[2]),
          part_or_group(rule.parts[2], groups[3]), part_or_group(rule.parts[3], groups[4]),
          part_or_group(rule.parts[4], groups[5])};
}

System fill_system(const RuleText& rule, const Groups& groups) {
  return {expand_or(rule.parts[0], "$1", groups), expand_or(rule.parts[1], "$2", groups),
          expand_or(rule.parts[2], "$3", groups), expand_or(rule.parts[3], "$4", groups),
          expand_or(rule.parts[4], "$5", groups)};
}

Hardware fill_hardware(const RuleText& rule, const Groups& groups) {
  return {expand_or(rule.parts[0], "$1", groups), expand(rule.parts[1], groups),
          expand_or(rule.parts[2], "$1", groups)};
}

RuleBook::RuleBook(RuleTexts rules, Check check) : m_rules(std::move(rules)) {
  for (const Section section : sections) {
    for (const RuleText& rule : m_rules.sections[static_cast<std::size_t>(section)]) {
      m_patterns.emplace_back(rule.pattern, rule.any_case);
      std::string fault = m_candidates.add(rule.pattern, rule.any_case);
      if (fault.empty() && check == Check::all) fault = m_patterns.back().fault();
      if (!fault.empty()) {
        throw BadRule("the pattern '" + std::string(rule.pattern) + "' is refused: " + fault);
      }
    }
  }
  if (m_patterns.empty()) throw BadRule("there are no rules");
  m_candidates.compile();
}

RuleBook::Range RuleBook::range(Section section) const {
  int begin = 0;
  for (const Section before : sections) {
    const auto size = static_cast<int>(m_rules.sections[static_cast<std::size_t>(before)].size());
    if (before == section) return {begin, begin + size};
    begin += size;
  }
  return {begin, begin};
}

const RuleText* RuleBook::first_match(Section section, const std::vector<int>& possible,
                                      std::string_view text, Groups& groups) const {
  const auto [begin, end] = range(section);
  const auto& rules = m_rules.sections[static_cast<std::size_t>(section)];
  for (auto at = std::lower_bound(possible.begin(), possible.end(), begin);
       at != possible.end() && *at < end; ++at) {
    const RuleText& rule = rules[static_cast<std::size_t>(*at - begin)];
    if (rule.pattern.size() >= long_pattern && !m_candidates.may_match(*at, text)) continue;
    if (m_patterns[static_cast<std::size_t>(*at)].search(text, groups)) return &rule;
  }
  return nullptr;
}

void RuleBook::read(std::string_view text, Device& device) const {
  thread_local std::vector<int> possible;
  m_candidates.find(text, possible);
  Groups groups;
  if (const RuleText* rule = first_match(Section::browser, possible, text, groups)) {
    device.browser = fill_browser(*rule, groups);
  }
  if (const RuleText* rule = first_match(Section::system, possible, text, groups)) {
    device.system = fill_system(*rule, groups);
  }
  if (const RuleText* rule = first_match(Section::hardware, possible, text, groups)) {
    device.hardware = fill_hardware(*rule, groups);
  }
}

void RuleBook::read_hardware(std::string_view text, Hardware& hardware) const {
  thread_local std::vector<int> possible;
  m_candidates.find(text, possible);
  Groups groups;
  if (const RuleText* rule = first_match(Section::hardware, possible, text, groups)) {
    hardware = fill_hardware(*rule, groups);
  }
}

}  // namespace innkeeper::device
