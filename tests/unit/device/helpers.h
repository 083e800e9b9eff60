// What the tests of src/device share.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "device/device.h"

namespace innkeeper::device {

// One reader for all tests that only read: it is immutable to them.
inline const DeviceReader& shared_reader() {
  static const DeviceReader reader({}, null_log());
  return reader;
}

inline const DeviceReader& forgetful_reader() {
  static const DeviceReader reader({.remembered = 0, .text_limit = 4096, .rules_file = {}},
                                   null_log());
  return reader;
}

inline Device read(std::string_view text, std::string_view hints = {}) {
  return *shared_reader().read(text, hints);
}

// A file of tests/data/device as lines of cells.
inline std::vector<std::vector<std::string>> table(const std::string& name) {
  std::ifstream in(std::string(INNKEEPER_TEST_DATA) + "/device/" + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

// Texts of real browsers, as the tests need them.
inline const std::string chrome_on_windows =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Safari/537.36";
inline const std::string chrome_on_mac =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Safari/537.36";
inline const std::string frozen_phone =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
    "Mobile Safari/537.36";
inline const std::string frozen_tablet =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
    "Safari/537.36";

}  // namespace innkeeper::device
