#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

TEST(DeviceReader, GivesAKnownTextTheSameResult) {
  EXPECT_EQ(shared_reader().read(frozen_phone), shared_reader().read(frozen_phone));
}

TEST(DeviceReader, ThatRemembersNothingReadsTheSame) {
  EXPECT_EQ(*forgetful_reader().read(frozen_phone), read(frozen_phone));
}

TEST(DeviceReader, ReadsAnewWhatItReadsAtFirst) {
  constexpr std::string_view hints = R"(model="Pixel 9"; platform-version="15.0.0")";
  EXPECT_EQ(shared_reader().read_anew(frozen_phone), read(frozen_phone));
  EXPECT_EQ(shared_reader().read_anew(frozen_phone, hints), read(frozen_phone, hints));
  EXPECT_NE(read(frozen_phone, hints), read(frozen_phone));
}

TEST(DeviceReader, LooksAtTheFirstBytesOnly) {
  const DeviceReader reader({.remembered = 0, .text_limit = 64, .rules_file = {}}, null_log());
  EXPECT_EQ(reader.read(std::string(64, 'x') + " Firefox/128.0")->browser.family, "");
  EXPECT_EQ(reader.read_anew(std::string(64, 'x') + " Firefox/128.0").browser.family, "");
  EXPECT_EQ(reader.read(std::string(40, 'x') + " Firefox/128.0")->browser.family, "Firefox");
}

TEST(DeviceReader, IsSharedByManyThreads) {
  const auto rows = table("reference.tsv");
  const DeviceReader reader({.remembered = 64, .text_limit = 1024, .rules_file = {}}, null_log());
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = 0; i < 200; ++i) {
        const auto& cells = rows[(i * 3 + thread) % rows.size()];
        EXPECT_EQ(reader.read(cells.back())->text(), cells[13]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A reader that a thread uses while another replaces its rules answers by the old or the new ones.
TEST(DeviceReader, MayGetNewRulesWhileItReads) {
  DeviceReader reader({}, null_log());
  const std::string file = std::string(INNKEEPER_TEST_DATA) + "/device/one_rule_each.yaml";
  std::thread other([&] {
    for (int i = 0; i < 200; ++i) {
      const std::string family = reader.read(chrome_on_windows)->browser.family;
      EXPECT_TRUE(family == "Chrome" || family == "Some browser") << family;
    }
  });
  for (int i = 0; i < 20; ++i) reader.load_rules(file);
  other.join();
  EXPECT_EQ(reader.read(chrome_on_windows)->browser.family, "Some browser");
}

}  // namespace
}  // namespace innkeeper::device
