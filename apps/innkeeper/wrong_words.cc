#include "wrong_words.h"

#include <algorithm>
#include <array>

#include "config/nearest.h"
#include "config/setting.h"

namespace innkeeper::app {
namespace {

// The one whose flag it is; null where there is none.
const Setting* setting_of(const std::string& flag) {
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (flag_name(setting.name) == flag) return &setting;
    }
  }
  return nullptr;
}

bool is_boolean(const std::string& flag) {
  const Setting* setting = setting_of(flag);
  return setting != nullptr && setting->kind == Kind::boolean;
}

// "--no-https" → "--https"; empty where it is no such thing.
std::string denied(const std::string& name) {
  constexpr std::string_view denial = "--no-";
  const std::string flag = name.starts_with(denial) ? "--" + name.substr(denial.size()) : "";
  return is_boolean(flag) ? flag : "";
}

std::string did_you_mean(const std::string& close) { return ". Did you mean " + close + "?"; }

}  // namespace

std::string name_in(const std::string& word) { return word.substr(0, word.find('=')); }

std::string unknown_option(const std::string& word, std::span<const std::string> names) {
  const std::string name = name_in(word);
  const Setting* setting = setting_of(name);
  if (setting != nullptr && is_secret(*setting)) {
    return std::string(setting->name) +
           " is a secret and is not taken from the command line, where everybody can read it: "
           "use " +
           name + "-file or " + environment_name(setting->name);
  }
  const std::string flag = denied(name);
  const std::string close = flag.empty() ? nearest(name, names) : flag + "=false";
  return "unknown option " + name + (close.empty() ? "" : did_you_mean(close));
}

std::string unknown_command(const std::string& parent, const std::vector<std::string>& words,
                            std::span<const std::string> names) {
  const std::string word = words.empty() || words.front().starts_with("-") ? "" : words.front();
  if (word.empty()) return "which command? `" + parent + " --help` lists them";
  const std::string close = nearest(word, names);
  return "unknown command " + word +
         (close.empty() ? ": `" + parent + " --help` lists them" : did_you_mean(close));
}

std::optional<std::string> detached_value(const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 6> values{"true", "false", "yes", "no", "on", "off"};
  for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
    if (std::ranges::find(values, words[i + 1]) == values.end() || !is_boolean(words[i])) continue;
    return words[i] + " takes its value by =. Did you mean " + words[i] + "=" + words[i + 1] + "?";
  }
  return std::nullopt;
}

std::optional<std::string> empty_value(const std::vector<std::string>& words,
                                       const std::function<bool(const std::string&)>& is_flag) {
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string name = name_in(word);
    if (word != name + "=" || !is_flag(name)) continue;
    return word + " says neither yes nor no. Say " + word + "true, " + word + "false or " + name +
           " alone";
  }
  return std::nullopt;
}

}  // namespace innkeeper::app
