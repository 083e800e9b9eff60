// The engine's lines in the security log: as many as help, never so many that an attacker can fill
// a disk with them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"

namespace innkeeper::engine {

// Thread-safe; holds no lock while it writes, since a log may call back into Python.
class SecurityLog {
 public:
  // What a line is about: each topic has its own measure, so a flood of one hides no other.
  enum class Topic { cookie, payload, owner };
  static constexpr int most_a_minute = 10;

  // Both outlive it.
  SecurityLog(const Clock& clock, Log& log) : m_clock(clock), m_log(log) {}

  // One line, without the value that it is about: whoever reads the log learns no key and no
  // payload. Beyond the measure nothing is written; the next line of the topic says how many there
  // were.
  void warn(Topic topic, const std::string& line);

 private:
  struct Measure {
    Time minute_began{};
    int written = 0;
    std::int64_t kept_back = 0;
  };
  static constexpr std::size_t topics = 3;

  // How many were kept back before this line; nothing where it is to be kept back as well.
  std::optional<std::int64_t> admit(Topic topic);

  const Clock& m_clock;
  Log& m_log;
  std::mutex m_mutex;
  std::array<Measure, topics> m_measures{};
};

}  // namespace innkeeper::engine
