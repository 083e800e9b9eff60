#include "device/rules_file.h"

#include <cerrno>
#include <deque>
#include <string>
#include <system_error>

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include "base/error.h"
#include "base/regular_file.h"

namespace innkeeper::device {
namespace {

struct SectionNames {
  const char* list;
  std::array<const char*, 5> parts;
};
constexpr std::array<SectionNames, section_count> names{{
    {"user_agent_parsers",
     {"family_replacement", "v1_replacement", "v2_replacement", "v3_replacement",
      "v4_replacement"}},
    {"os_parsers",
     {"os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement",
      "os_v4_replacement"}},
    {"device_parsers",
     {"device_replacement", "brand_replacement", "model_replacement", nullptr, nullptr}},
}};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw FileError(file.string() + ": " + reason);
}

[[noreturn]] void refuse(const std::filesystem::path& file, const YAML::Mark& mark,
                         const std::string& reason) {
  refuse(file, "line " + std::to_string(mark.line + 1) + ": " + reason);
}

std::string read_whole(const std::filesystem::path& file) {
  struct stat status {};
  const FileHandle opened = open_regular(file, status);
  std::string bytes(rules_file_limit + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(opened.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(file, "cannot be read: " + std::generic_category().message(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  if (bytes.size() > rules_file_limit) refuse(file, "is larger than 8 MB: not a regexes.yaml");
  return bytes;
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : m_file(file) {}

  RuleTexts read() {
    const YAML::Node root = YAML::Load(read_whole(m_file));
    if (!root.IsMap()) refuse(m_file, "is not a regexes.yaml: no user_agent_parsers in it");
    RuleTexts rules;
    for (std::size_t i = 0; i < section_count; ++i) {
      rules.sections[i] = read_section(root[names[i].list], names[i]);
    }
    rules.texts = m_texts;
    return rules;
  }

 private:
  std::vector<RuleText> read_section(const YAML::Node& list, const SectionNames& section) {
    if (!list || !list.IsSequence() || list.size() == 0) {
      refuse(m_file,
             std::string("is not a regexes.yaml: ") + section.list + " is not a list of rules");
    }
    if (list.size() > rules_limit) refuse(m_file, std::string(section.list) + " is too long");
    std::vector<RuleText> rules;
    rules.reserve(list.size());
    for (const YAML::Node& node : list) rules.push_back(read_rule(node, section));
    return rules;
  }

  RuleText read_rule(const YAML::Node& node, const SectionNames& section) {
    if (!node.IsMap()) refuse(m_file, node.Mark(), "a rule is not a map");
    RuleText rule{text_of(node, "regex"), false, {}};
    if (rule.pattern.empty()) refuse(m_file, node.Mark(), "a rule has no regex");
    const std::string_view flag = text_of(node, "regex_flag");
    if (!flag.empty() && flag != "i") refuse(m_file, node.Mark(), "unknown regex_flag");
    rule.any_case = flag == "i";
    for (std::size_t i = 0; i < section.parts.size() && section.parts[i]; ++i) {
      rule.parts[i] = text_of(node, section.parts[i]);
    }
    return rule;
  }

  std::string_view text_of(const YAML::Node& node, const char* name) {
    const YAML::Node value = node[name];
    if (!value || value.IsNull()) return {};
    if (!value.IsScalar()) refuse(m_file, value.Mark(), std::string(name) + " is not a text");
    return m_texts->emplace_back(value.Scalar());
  }

  std::filesystem::path m_file;
  // A deque: what the views show must not move.
  std::shared_ptr<std::deque<std::string>> m_texts = std::make_shared<std::deque<std::string>>();
};

}  // namespace

RuleTexts read_rules_file(const std::filesystem::path& file) {
  try {
    return Reader(file).read();
  } catch (const YAML::Exception& wrong) {
    refuse(file, wrong.mark, wrong.msg);
  }
}

}  // namespace innkeeper::device
