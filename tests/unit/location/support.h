// What the tests of this folder share.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/ip_address.h"
#include "base/log.h"

namespace innkeeper::location {

namespace fs = std::filesystem;

inline const fs::path data = fs::path(INNKEEPER_TEST_DATA) / "location";
inline const fs::path demo = fs::path(INNKEEPER_DEMO_DATA) / "demo-city.mmdb";

inline IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

inline std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// As a careful operator does: beside the target, then renamed.
inline void replace(const fs::path& target, const fs::path& with) {
  const fs::path beside = target.string() + ".new";
  fs::copy_file(with, beside, fs::copy_options::overwrite_existing);
  fs::rename(beside, target);
}

class Folder {
 public:
  Folder() : m_path(fs::temp_directory_path() / "innkeeper-location-XXXXXX") {
    std::string name = m_path.string();
    m_path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(m_path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return m_path / name; }
  const fs::path& path() const { return m_path; }

 private:
  fs::path m_path;
};

class Lines final : public Log {
 public:
  void write(LogLevel level, std::string_view, std::string_view line) noexcept override {
    const std::lock_guard lock(m_mutex);
    if (level >= LogLevel::warning) m_warnings.emplace_back(line);
  }
  std::vector<std::string> warnings() const {
    const std::lock_guard lock(m_mutex);
    return m_warnings;
  }

 private:
  mutable std::mutex m_mutex;
  std::vector<std::string> m_warnings;
};

}  // namespace innkeeper::location
