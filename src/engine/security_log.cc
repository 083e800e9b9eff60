#include "engine/security_log.h"

#include <utility>

namespace innkeeper::engine {

std::optional<std::int64_t> SecurityLog::admit(Topic topic) {
  const std::lock_guard lock(m_mutex);
  Measure& measure = m_measures.at(static_cast<std::size_t>(topic));
  const Time now = m_clock.now();
  // A clock that was set back must not silence the log.
  if (now >= measure.minute_began + std::chrono::minutes(1) || now < measure.minute_began) {
    measure.minute_began = now;
    measure.written = 0;
  }
  if (measure.written == most_a_minute) {
    ++measure.kept_back;
    return std::nullopt;
  }
  ++measure.written;
  return std::exchange(measure.kept_back, 0);
}

void SecurityLog::warn(Topic topic, const std::string& line) {
  const auto kept_back = admit(topic);
  if (!kept_back) return;
  const std::string more =
      *kept_back == 0 ? ""
                      : " (" + std::to_string(*kept_back) + " such lines before were left out)";
  m_log.write(LogLevel::warning, innkeeper::security_log, line + more);
}

}  // namespace innkeeper::engine
