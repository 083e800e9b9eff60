#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "command_line.h"

namespace innkeeper::app {
namespace {

// Arguments in memory of their own, as the system hands them to main().
class CommandLine {
 public:
  explicit CommandLine(std::vector<std::string> words) : m_words(std::move(words)) {
    m_words.insert(m_words.begin(), "innkeeper");
    for (std::string& word : m_words) m_pointers.push_back(word.data());
  }
  TakenArguments take() {
    return take_arguments(static_cast<int>(m_pointers.size()), m_pointers.data());
  }
  // What `ps` would show now.
  std::string shown() const {
    std::string text;
    for (const std::string& word : m_words) text += word + " ";
    return text;
  }

 private:
  std::vector<std::string> m_words;
  std::vector<char*> m_pointers;
};

TEST(TakeArguments, ALicenseKeyIsWipedFromTheProcessListInEverySpelling) {
  const std::vector<std::vector<std::string>> spellings{
      {"-k", "hush"}, {"-khush"}, {"--license-key", "hush"}, {"--license-key=hush"}};
  for (std::vector<std::string> words : spellings) {
    words.insert(words.begin(), "download_geoip_db");
    CommandLine line(words);
    const TakenArguments taken = line.take();
    EXPECT_EQ(taken.license_key.reveal(), "hush");
    EXPECT_EQ(line.shown().find("hush"), std::string::npos) << line.shown();
    for (const std::string& word : taken.words) EXPECT_EQ(word.find("hush"), std::string::npos);
  }
}

TEST(TakeArguments, OtherCommandsWordsAreLeftAlone) {
  CommandLine line({"device", "-k", "word"});
  EXPECT_EQ(line.take().words, (std::vector<std::string>{"device", "-k", "word"}));
  EXPECT_EQ(line.shown(), "innkeeper device -k word ");
}

TEST(TakeArguments, AKeyThatIsMissingIsLeftToTheParser) {
  CommandLine line({"download_geoip_db", "-k"});
  const TakenArguments taken = line.take();
  EXPECT_TRUE(taken.license_key.empty());
  EXPECT_EQ(taken.words.back(), "-k");
}

}  // namespace
}  // namespace innkeeper::app
