// What may be shown of a session: to its user, on a list of devices, in an audit.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace innkeeper {

// A moment in UTC, in microseconds.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

// A plain value, a copy of what the book said when it was asked. Holds neither the key nor the
// session's values.
struct SessionInfo {
  std::string id;                      // for Book::revoke; 40 hexadecimal digits
  std::optional<std::string> user_id;  // none for a visitor
  std::string ip;                      // empty where it is not known
  std::string user_agent;
  std::string device;  // for people: "Firefox 128 on Windows"; "Unknown device"
  std::string place;   // for people: "Linköping, Sweden"; empty where it is not known
  Time started;
  Time last_activity;
  Time ends;  // when it ends if nobody uses it again
};

}  // namespace innkeeper
