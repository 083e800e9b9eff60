#include "http/episode.h"

#include <utility>

namespace innkeeper::http {

Episode::Episode(std::string name, Log& log) : m_name(std::move(name)), m_log(log) {}

void Episode::happened(const std::string& detail, Time now) {
  const std::lock_guard lock(m_mutex);
  m_last = now;
  if (++m_times == 1) m_log.write(LogLevel::warning, general_log, m_name + ": " + detail);
}

void Episode::look(Time now) {
  const std::lock_guard lock(m_mutex);
  if (m_times == 0 || now - m_last < calm) return;
  m_log.write(LogLevel::info, general_log, m_name + ": over; counted " + std::to_string(m_times));
  m_times = 0;
}

}  // namespace innkeeper::http
