#include <algorithm>

#include "codec/json.h"
#include "codec/json_walk.h"

namespace innkeeper::codec {

namespace {

// Deeper levels are indented no further: a small text could otherwise become an enormous one.
constexpr int deepest_indentation = 32;

class IndentSink {
 public:
  explicit IndentSink(int indent) : m_indent(indent) {}

  void open(char bracket, std::size_t) {
    before_item();
    m_text += bracket;
    ++m_level;
    m_after_bracket = true;
  }
  void close(char bracket, std::size_t) {
    --m_level;
    if (!m_after_bracket) new_line();
    m_after_bracket = false;
    m_text += bracket;
  }
  void name(const Quoted& name) {
    before_item();
    m_text.append("\"").append(name.inside).append("\": ");
    m_after_name = true;
  }
  void scalar(const Scalar& scalar) {
    before_item();
    m_text += scalar.text;
  }
  void comma() {
    m_text += ',';
    m_after_comma = true;
  }

  std::string take_text() { return std::move(m_text); }

 private:
  // A value after its name stays on the name's line; everything else in a bracket starts a line.
  void before_item() {
    if (!m_after_name && (m_after_bracket || m_after_comma)) new_line();
    m_after_name = m_after_bracket = m_after_comma = false;
  }
  void new_line() {
    const int levels = std::min(m_level, deepest_indentation);
    m_text.append("\n").append(static_cast<std::size_t>(levels * m_indent), ' ');
  }

  int m_indent;
  int m_level = 0;
  bool m_after_bracket = false;
  bool m_after_comma = false;
  bool m_after_name = false;
  std::string m_text;
};

}  // namespace

std::string indented_json(std::string_view json, int indent) {
  IndentSink sink(std::clamp(indent, 0, 16));
  if (walk_json(json, default_json_depth, sink)) return std::string(json);
  return sink.take_text();
}

}  // namespace innkeeper::codec
