// The rules of uap-core as texts: what is compiled in, or read from a file, before anything is
// compiled.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace innkeeper::device {

// A User-Agent is asked three questions; each has rules of its own, in order, and the first that
// matches answers it.
enum class Section { browser, system, hardware };
inline constexpr std::size_t section_count = 3;

// One rule. `parts` are the replacements: family, major, minor, patch, patch_minor for a browser or
// a system; family, brand, model for hardware. An empty part stands for the default (rule_book.h).
struct RuleText {
  std::string_view pattern;  // a regular expression, searched for anywhere in the text
  bool any_case;             // regex_flag: 'i'
  std::array<std::string_view, 5> parts;
};

// The table that the build makes of the pinned package (cmake/DeviceRules.cmake). Plain pointers,
// so that it is data to every compiler: with constructors, a sanitizer makes it a function of
// thousands of calls, which takes minutes to compile.
struct PlainRule {
  const char* pattern;
  bool any_case;
  const char* parts[5];
};
struct BuiltInRules {
  std::span<const PlainRule> browser, system, hardware;
  std::string_view revision;  // uap-core's commit
};
const BuiltInRules& built_in_rules();

// The rules of all sections. `texts` keeps alive what the views show; null for static texts.
struct RuleTexts {
  std::array<std::vector<RuleText>, section_count> sections;
  std::shared_ptr<const void> texts;
};
RuleTexts copy_of_built_in_rules();

}  // namespace innkeeper::device
