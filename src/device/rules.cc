#include "device/rules.h"

#include <algorithm>
#include <iterator>

namespace innkeeper::device {
namespace {

RuleText rule_text(const PlainRule& rule) {
  RuleText text{rule.pattern, rule.any_case, {}};
  std::copy(std::begin(rule.parts), std::end(rule.parts), text.parts.begin());
  return text;
}

}  // namespace

RuleTexts copy_of_built_in_rules() {
  const BuiltInRules& built_in = built_in_rules();
  RuleTexts rules;
  const std::array all{built_in.browser, built_in.system, built_in.hardware};
  for (std::size_t i = 0; i < section_count; ++i) {
    rules.sections[i].reserve(all[i].size());
    for (const PlainRule& rule : all[i]) rules.sections[i].push_back(rule_text(rule));
  }
  return rules;
}

}  // namespace innkeeper::device
