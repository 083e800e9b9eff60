// A trouble that may come many times a second gets two lines in the log: one when it begins, one
// when it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/log.h"

namespace innkeeper::http {

// Thread-safe. `log` outlives it.
class Episode {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds calm{10};  // over when it has not come for so long

  // `name` begins both lines: "cannot accept".
  Episode(std::string name, Log& log);

  // It came; `detail` is told if this is the first time.
  void happened(const std::string& detail, Time now);
  // To be called now and then.
  void look(Time now);

 private:
  const std::string m_name;
  Log& m_log;
  std::mutex m_mutex;
  std::uint64_t m_times = 0;  // in this episode; 0: there is none
  Time m_last{};
};

}  // namespace innkeeper::http
