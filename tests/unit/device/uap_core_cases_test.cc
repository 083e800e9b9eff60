// uap-core's own cases, and what ua-parser's Python package answers: see
// tests/data/device/README.md.
#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

Browser browser_of(const std::vector<std::string>& cells, std::size_t at) {
  return {cells[at], cells[at + 1], cells[at + 2], cells[at + 3], cells[at + 4]};
}

System system_of(const std::vector<std::string>& cells, std::size_t at) {
  return {cells[at], cells[at + 1], cells[at + 2], cells[at + 3], cells[at + 4]};
}

Hardware hardware_of(const std::vector<std::string>& cells, std::size_t at) {
  return {cells[at], cells[at + 1], cells[at + 2]};
}

TEST(UapCoreCases, EveryBrowserIsRecognised) {
  const auto rows = table("browser_cases.tsv");
  EXPECT_GT(rows.size(), 1400u);
  for (const auto& cells : rows) {
    EXPECT_TRUE(forgetful_reader().read(cells.back())->browser == browser_of(cells, 0))
        << cells.back();
  }
}

TEST(UapCoreCases, EverySystemIsRecognised) {
  const auto rows = table("system_cases.tsv");
  EXPECT_GT(rows.size(), 450u);
  for (const auto& cells : rows) {
    EXPECT_TRUE(forgetful_reader().read(cells.back())->system == system_of(cells, 0))
        << cells.back();
  }
}

TEST(UapCoreCases, EveryDeviceIsRecognised) {
  const auto rows = table("hardware_cases.tsv");
  EXPECT_GT(rows.size(), 16'000u);
  for (const auto& cells : rows) {
    EXPECT_TRUE(forgetful_reader().read(cells.back())->hardware == hardware_of(cells, 0))
        << cells.back();
  }
}

TEST(UaParserReference, EveryFieldAndThePrintedTextAreThoseOfPython) {
  const auto rows = table("reference.tsv");
  EXPECT_GT(rows.size(), 300u);
  for (const auto& cells : rows) {
    const Device device = *forgetful_reader().read(cells.back());
    EXPECT_TRUE(device.browser == browser_of(cells, 0)) << cells.back();
    EXPECT_TRUE(device.system == system_of(cells, 5)) << cells.back();
    EXPECT_TRUE(device.hardware == hardware_of(cells, 10)) << cells.back();
    EXPECT_EQ(device.text(), cells[13]) << cells.back();
  }
}

}  // namespace
}  // namespace innkeeper::device
