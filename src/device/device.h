// A User-Agent (and client hints, where given) → browser, system and device.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"

namespace innkeeper::device {

enum class Kind { desktop, phone, tablet, bot, other };
std::string_view to_string(Kind kind);  // "desktop", …

// As in uap-core and ua-parser's Python objects; an empty text is Python's None.
struct Browser {  // user_agent
  std::string family, major, minor, patch, patch_minor;
  bool operator==(const Browser&) const = default;
};
struct System {  // os
  std::string family, major, minor, patch, patch_minor;
  bool operator==(const System&) const = default;
};
struct Hardware {  // device
  std::string family, brand, model;
  bool operator==(const Hardware&) const = default;
};

// How a device is told to people, so that a host may say it in their language.
struct Description {
  enum class Form {
    plain,
    browser_on_system,
    unknown_browser_on_system,
    unknown_bot,
    unknown_device
  };
  Form form = Form::unknown_device;
  std::string browser, system;  // of a plain one, `browser` is all there is to say
};
std::string_view to_string(Description::Form form);  // "plain", "browser on system", …

struct Device {
  Browser browser;
  System system;
  Hardware hardware;
  Kind kind = Kind::other;
  bool operator==(const Device&) const = default;

  // "K / Android 10 / Chrome Mobile 118.0.0.0": what django-qsessions prints (ua-parser's str() of
  // all three).
  std::string text() const;
  // For people: "Chrome Mobile 118 on Android 10", "Firefox 128 on Windows", "Googlebot 2.1",
  // "Unknown device".
  std::string sentence() const;
  // What the sentence is made of.
  Description description() const;
};

// Whether two sign-ins may come from one device: browser, system and hardware have the same names.
// Versions don't count, since they change by themselves.
bool same_device(const Device& one, const Device& other);

// Recognises devices by uap-core's rules, compiled in; a rules file replaces them at run time.
// Thread-safe. Results are shared and remembered in a bounded cache, so that a known text costs 0.3
// µs.
class DeviceReader {
 public:
  struct Options {
    std::size_t remembered = 4096;     // how many texts' results are kept
    std::size_t text_limit = 1024;     // bytes of a User-Agent that are looked at
    std::filesystem::path rules_file;  // a regexes.yaml of uap-core; empty: the rules compiled in
  };
  // A rules file that cannot be read or compiled is named in the log (file, reason) and the
  // compiled-in rules serve.
  DeviceReader(Options options, Log& log);
  ~DeviceReader();

  // Never null, never throws for any bytes. `client_hints` is the column's text (client_hints.h),
  // may be empty.
  std::shared_ptr<const Device> read(std::string_view user_agent,
                                     std::string_view client_hints = {}) const;

  // The same, neither looked up nor remembered, which is a sixth of a first read: for a caller with
  // a memory of its own.
  Device read_anew(std::string_view user_agent, std::string_view client_hints = {}) const;

  // Loads another rules file; throws FileError (file, reason) and goes on with what it had where
  // that fails.
  void load_rules(const std::filesystem::path& rules_file);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper::device
