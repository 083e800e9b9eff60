// Where lines go: a program, or Django's logging, receives them through this one door.
#pragma once

#include <string_view>

namespace innkeeper {

enum class LogLevel { debug, info, warning, error };

// The channels: "innkeeper" for upkeep, "innkeeper.security" for what an operator should be told of
// an attack (a bad signature, a forged entry). No line carries a session key, a payload, a cookie
// or a secret.
inline constexpr std::string_view general_log = "innkeeper";
inline constexpr std::string_view security_log = "innkeeper.security";

// Thread-safe; never throws.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view channel, std::string_view line) noexcept = 0;
};

// Drops every line.
Log& null_log();

}  // namespace innkeeper
