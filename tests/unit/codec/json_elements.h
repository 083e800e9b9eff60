// The elements of a JSON array, for tests that read vectors from a file.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_walk.h"

namespace innkeeper::codec {

class ElementSink {
 public:
  explicit ElementSink(std::string_view text) : m_text(text) {}
  void open(char, std::size_t at) {
    if (++m_level == 2) m_begin = at;
  }
  void close(char, std::size_t end) {
    if (--m_level == 1) elements.emplace_back(m_text.substr(m_begin, end - m_begin));
  }
  void name(const Quoted&) {}
  void scalar(const Scalar& scalar) {
    if (m_level == 1) elements.emplace_back(scalar.text);
  }
  void comma() {}

  std::vector<std::string> elements;

 private:
  std::string_view m_text;
  int m_level = 0;
  std::size_t m_begin = 0;
};

inline std::vector<std::string> json_elements(std::string_view array) {
  ElementSink sink(array);
  if (walk_json(array, default_json_depth, sink)) throw std::invalid_argument("no JSON array");
  return sink.elements;
}

}  // namespace innkeeper::codec
