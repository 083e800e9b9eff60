// The one file that sees spdlog.
#include "output/stderr_log.h"

#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "output/json_writer.h"
#include "output/plain_text.h"

namespace innkeeper::app {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const Utf8Step step = first_utf8(text);
    const std::string_view character = text.substr(0, step.length);
    if (step.valid && is_plain(step.code)) {
      line += character;
    } else {
      for (const char byte : character) line += "\\x" + to_hex({&byte, 1});
    }
    text.remove_prefix(step.length);
  }
  return line;
}

class StderrLog final : public Log {
 public:
  StderrLog(LogLevel least, LogFormat format)
      : m_format(format), m_logger("innkeeper", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    m_logger.set_level(level_of(least));
    m_logger.flush_on(spdlog::level::trace);
    // spdlog swallows its own errors through this; a log that cannot be written must not stop the
    // program.
    m_logger.set_error_handler([](const std::string&) {});
    const bool as_json = format == LogFormat::json;
    m_logger.set_pattern(
        as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                : "%Y-%m-%d %H:%M:%S.%e %l %v",
        as_json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  }

  void write(LogLevel level, std::string_view channel, std::string_view line) noexcept override {
    if (!m_logger.should_log(level_of(level))) return;
    try {
      m_logger.log(level_of(level), spdlog::string_view_t(message(channel, line)));
    } catch (...) {  // no memory for the line: there is nobody left to tell
    }
  }

 private:
  std::string message(std::string_view channel, std::string_view line) const {
    if (m_format == LogFormat::text) return std::string(channel) + ": " + one_line(line);
    return "\"channel\":" + json(channel) + ",\"message\":" + json(line);
  }

  LogFormat m_format;
  spdlog::logger m_logger;
};

}  // namespace

std::unique_ptr<Log> make_stderr_log(LogLevel least, LogFormat format) {
  return std::make_unique<StderrLog>(least, format);
}

}  // namespace innkeeper::app
