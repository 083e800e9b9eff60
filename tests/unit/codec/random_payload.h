// Random payloads, as wild as Python's json module can write them: the same ones for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "base/fields.h"
#include "codec/json.h"

namespace innkeeper::codec {

class RandomPayload {
 public:
  explicit RandomPayload(std::uint64_t seed) : m_engine(seed) {}

  Fields fields() {
    Fields fields;
    for (std::uint64_t i = below(8); i > 0; --i) {
      fields.push_back({name(fields.size()), value(0)});
    }
    return fields;
  }

 private:
  std::uint64_t below(std::uint64_t end) { return m_engine() % end; }

  // A number in the name keeps the names apart.
  std::string name(std::size_t number) { return string_inside() + std::to_string(number); }

  std::string value(int depth) {
    switch (below(depth < 4 ? 9 : 7)) {
      case 0:
        return json_integer(static_cast<std::int64_t>(m_engine()));
      case 1:
        return huge_integer();
      case 2:
        return json_float(any_double());
      case 3:
        return word();
      case 7:
        return list(depth);
      case 8:
        return object(depth);
      default:
        return '"' + string_inside() + '"';
    }
  }

  std::string huge_integer() {
    std::string digits(1, static_cast<char>('1' + below(9)));
    for (std::uint64_t i = below(200); i > 0; --i) digits += static_cast<char>('0' + below(10));
    return (below(2) == 0 ? "-" : "") + digits;
  }

  double any_double() {
    const std::uint64_t bits = m_engine();
    double number;
    static_assert(sizeof number == sizeof bits);
    __builtin_memcpy(&number, &bits, sizeof number);
    return number;
  }

  std::string word() {
    constexpr const char* words[] = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};
    return words[below(6)];
  }

  // Canonical already: letters, control characters, lone and paired surrogates; long ones now and
  // then.
  std::string string_inside() {
    std::string text;
    for (std::uint64_t i = below(10) == 0 ? below(600) : below(12); i > 0; --i) text += character();
    return text;
  }

  std::string character() {
    constexpr const char* special[] = {"\\\"",    "\\\\",    "\\n",     "\\u0000",        "\\u007f",
                                       "\\u00eb", "\\u2615", "\\ud800", "\\ud834\\udd1e", "/"};
    if (below(3) == 0) return special[below(10)];
    return std::string(1, static_cast<char>('a' + below(26)));
  }

  std::string list(int depth) {
    std::string text = "[";
    for (std::uint64_t i = below(4); i > 0; --i) text += value(depth + 1) + (i > 1 ? "," : "");
    return text + "]";
  }

  std::string object(int depth) {
    Fields members;
    for (std::uint64_t i = below(4); i > 0; --i) {
      members.push_back({name(members.size()), value(depth + 1)});
    }
    return join_object(members);
  }

  std::mt19937_64 m_engine;
};

}  // namespace innkeeper::codec
