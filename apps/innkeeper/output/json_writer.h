// JSON for machines: what --json prints and the log writes. Texts may be any bytes; the result is
// always ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace innkeeper::app {

// Single values as JSON source. Bytes that are no UTF-8 become U+FFFD. A Time is ISO 8601 in UTC.
std::string json(std::string_view text);
inline std::string json(const std::string& text) { return json(std::string_view(text)); }
inline std::string json(const char* text) { return json(std::string_view(text)); }
inline std::string json(bool value) { return value ? "true" : "false"; }
inline std::string json(std::int64_t number) { return std::to_string(number); }
std::string json(double number);
std::string json(Time time);
std::string json(const std::vector<std::string>& texts);
template <class T>
std::string json(const std::optional<T>& value) {
  return value ? json(*value) : "null";
}

// [a,b,…] of values that are JSON already.
std::string json_array(const std::vector<std::string>& values);

// Builds an object member by member, in that order; the caller keeps names distinct.
class JsonObject {
 public:
  template <class T>
  JsonObject& add(std::string_view name, const T& value) {
    return raw(name, json(value));
  }
  JsonObject& raw(std::string_view name, std::string_view source);  // `source` is JSON already
  std::string text() const { return m_text + "}"; }

 private:
  std::string m_text = "{";
};

}  // namespace innkeeper::app
