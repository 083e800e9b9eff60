#include "device/rules_file.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

namespace fs = std::filesystem;

class RulesFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "innkeeper-rules-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
  }
  void TearDown() override { fs::remove_all(m_folder); }

  fs::path write(const std::string& text) const {
    const fs::path file = m_folder / "regexes.yaml";
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  // The reason why the file is refused; it must start with the file's name.
  std::string refusal(const fs::path& file) const {
    // What is refused changes nothing, so one reader serves all refusals.
    static DeviceReader reader({}, null_log());
    try {
      reader.load_rules(file);
    } catch (const FileError& wrong) {
      EXPECT_TRUE(std::string(wrong.what()).starts_with(file.string()));
      return wrong.what();
    }
    return "was taken";
  }

  fs::path m_folder;
};

const std::string good =
    "user_agent_parsers:\n"
    "  - regex: '(Innkeeper)/(\\d+)'\n"
    "    family_replacement: 'The $1'\n"
    "os_parsers:\n"
    "  - regex: 'InnOS (\\d+)'\n"
    "    os_replacement: 'Inn'\n"
    "    os_v1_replacement: '$1'\n"
    "device_parsers:\n"
    "  - regex: 'key'\n"
    "    regex_flag: 'i'\n"
    "    device_replacement: 'Key'\n"
    "    brand_replacement: 'Smith'\n"
    "    model_replacement: 'Brass'\n";

struct Lines : Log {
  void write(LogLevel, std::string_view, std::string_view line) noexcept override {
    lines.emplace_back(line);
  }
  std::vector<std::string> lines;
};

// Opened the naive way, a pipe keeps its reader, and the end of the program, until somebody writes.
TEST_F(RulesFile, APipeIsRefusedAndNotWaitedFor) {
  const fs::path pipe = m_folder / "pipe.yaml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(refusal(pipe).find("not a regular file"), std::string::npos);
  EXPECT_NE(refusal(m_folder).find("not a regular file"), std::string::npos);
  EXPECT_NE(refusal("/dev/zero").find("not a regular file"), std::string::npos);
}

TEST_F(RulesFile, ReplacesTheRulesAndTheResultsThatWereRemembered) {
  DeviceReader reader({}, null_log());
  const std::string text = "Innkeeper/7 InnOS 3 KEY";
  EXPECT_EQ(reader.read(text)->hardware.family, "");
  reader.load_rules(write(good));
  const auto device = reader.read(text);
  EXPECT_EQ(device->browser, (Browser{"The Innkeeper", "7", "", "", ""}));
  EXPECT_EQ(device->system.family, "Inn");
  EXPECT_EQ(device->system.major, "3");
  EXPECT_EQ(device->hardware, (Hardware{"Key", "Smith", "Brass"}));
  EXPECT_EQ(reader.read(chrome_on_windows)->browser.family, "");
}

TEST_F(RulesFile, MayBeGivenAtTheStart) {
  Lines log;
  const DeviceReader reader({.rules_file = write(good)}, log);
  EXPECT_EQ(reader.read("Innkeeper/7")->browser.family, "The Innkeeper");
  EXPECT_TRUE(log.lines.empty());
}

TEST_F(RulesFile, ThatIsWrongAtTheStartIsNamedInTheLogAndTheBuiltInRulesServe) {
  Lines log;
  const fs::path file = m_folder / "absent.yaml";
  const DeviceReader reader({.rules_file = file}, log);
  ASSERT_EQ(log.lines.size(), 1u);
  EXPECT_NE(log.lines[0].find(file.string()), std::string::npos);
  EXPECT_EQ(reader.read(chrome_on_windows)->browser.family, "Chrome");
}

TEST_F(RulesFile, ThatIsWrongLaterLeavesTheRulesThatServe) {
  DeviceReader reader({}, null_log());
  EXPECT_THROW(reader.load_rules(write("user_agent_parsers: [")), FileError);
  EXPECT_EQ(reader.read(chrome_on_windows)->browser.family, "Chrome");
}

TEST_F(RulesFile, IsRefusedWithTheReason) {
  const auto has_part = [this](const std::string& yaml, const char* part) {
    const std::string reason = refusal(write(yaml));
    return reason.find(part) != reason.npos ? "" : reason;
  };
  EXPECT_EQ(has_part("", "regexes.yaml"), "");
  EXPECT_EQ(has_part("just a text", "regexes.yaml"), "");
  EXPECT_EQ(has_part("user_agent_parsers: []\n", "user_agent_parsers"), "");
  EXPECT_EQ(has_part("user_agent_parsers:\n  - a\n", "line 2"), "");
  EXPECT_EQ(has_part("user_agent_parsers:\n  - family_replacement: a\n", "no regex"), "");
  EXPECT_EQ(has_part("user_agent_parsers:\n  - regex: [a]\n", "is not a text"), "");
  EXPECT_EQ(has_part("user_agent_parsers:\n  - {regex: a, regex_flag: x}\n", "regex_flag"), "");
  EXPECT_EQ(has_part("user_agent_parsers:\n  - regex: a\n", "os_parsers"), "");
  EXPECT_EQ(has_part("a: 'open", "line"), "");
  EXPECT_EQ(has_part(good + "  - regex: '(open'\n", "(open"), "");
  EXPECT_EQ(has_part(std::string("\0\xff\xfe", 3), "regexes.yaml"), "");
}

TEST_F(RulesFile, ThatIsAFolderOrTooLargeOrAbsentIsRefused) {
  EXPECT_NE(refusal(m_folder).find("folder"), std::string::npos);
  EXPECT_NE(refusal(write(std::string(rules_file_limit + 1, 'x'))).find("larger"),
            std::string::npos);
  EXPECT_NE(refusal(m_folder / "absent").find("cannot be opened"), std::string::npos);
}

// Nested deeper than any stack: a parser without a limit crashes.
TEST_F(RulesFile, ThatIsNestedWithoutEndIsRefused) {
  EXPECT_NE(refusal(write(std::string(100'000, '['))), "was taken");
  EXPECT_NE(refusal(write(std::string(100'000, '{'))), "was taken");
}

}  // namespace
}  // namespace innkeeper::device
