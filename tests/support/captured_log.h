// A log that keeps its lines, to look for what must and what must not be in it.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"

namespace innkeeper::test {

class CapturedLog final : public Log {
 public:
  void write(LogLevel, std::string_view channel, std::string_view line) noexcept override {
    const std::lock_guard lock(m_mutex);
    m_lines.push_back(std::string(channel) + ": " + std::string(line));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(m_mutex);
    return m_lines;
  }
  // How many lines of a channel contain `text`.
  int count(std::string_view channel, std::string_view text = "") const {
    int found = 0;
    for (const std::string& line : lines()) {
      found += line.starts_with(std::string(channel) + ": ") && line.find(text) != std::string::npos
                   ? 1
                   : 0;
    }
    return found;
  }
  bool mentions(std::string_view text) const {
    for (const std::string& line : lines()) {
      if (line.find(text) != std::string::npos) return true;
    }
    return false;
  }

 private:
  mutable std::mutex m_mutex;
  std::vector<std::string> m_lines;
};

}  // namespace innkeeper::test
