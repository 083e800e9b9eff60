// One walk over a JSON value, for all who read one: it tells a sink what it meets. Internal to
// codec.
//
// The walk keeps the open brackets in a list of its own instead of calling itself, so that no depth
// of nesting can exhaust the program's stack.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "codec/json_reader.h"

namespace innkeeper::codec {

// A Sink has:
//   void open(char bracket, std::size_t at);     // '{' or '[', and where it stands
//   void close(char bracket, std::size_t end);   // '}' or ']', and the position after it
//   void name(const Quoted&);                    // a member's name, as it came
//   void scalar(const Scalar&);
//   void comma();
template <class Sink>
class JsonWalk {
 public:
  JsonWalk(std::string_view text, int depth, Sink& sink)
      : m_reader(text), m_depth(depth), m_sink(sink) {}

  // Walks over the whole text, which must be one value. The sink has seen everything before the
  // error, if there is one.
  std::optional<JsonError> run() {
    Due due = Due::value;
    do {
      due = due == Due::value ? take_value() : take_separator();
    } while (due == Due::value || (due == Due::separator && !m_open.empty()));
    if (due == Due::nothing) return m_error;
    m_reader.skip_space();
    if (!m_reader.at_end()) return JsonError::trailing_text;
    return std::nullopt;
  }

 private:
  enum class Due { value, separator, nothing };

  Due fail(JsonError error) {
    m_error = error;
    return Due::nothing;
  }

  Due take_value() {
    m_reader.skip_space();
    const char first = m_reader.peek();
    if (first == '{' || first == '[') return open(first);
    const auto scalar = m_reader.take_scalar();
    if (!scalar) return fail(JsonError::syntax);
    m_sink.scalar(*scalar);
    return Due::separator;
  }

  Due open(char bracket) {
    if (m_open.size() >= static_cast<std::size_t>(m_depth)) return fail(JsonError::too_deep);
    m_open += bracket;
    m_sink.open(bracket, m_reader.position());
    m_reader.advance();
    m_reader.skip_space();
    if (m_reader.peek() == closing_bracket()) return close();
    return bracket == '{' ? take_name() : Due::value;
  }

  Due close() {
    const char bracket = closing_bracket();
    m_reader.advance();
    m_open.pop_back();
    m_sink.close(bracket, m_reader.position());
    return Due::separator;
  }

  Due take_separator() {
    m_reader.skip_space();
    if (m_reader.peek() == closing_bracket()) return close();
    if (m_reader.peek() != ',') return fail(JsonError::syntax);
    m_reader.advance();
    m_sink.comma();
    return m_open.back() == '{' ? take_name() : Due::value;
  }

  Due take_name() {
    m_reader.skip_space();
    const auto quoted = m_reader.take_string();
    if (!quoted) return fail(JsonError::syntax);
    m_reader.skip_space();
    if (m_reader.peek() != ':') return fail(JsonError::syntax);
    m_reader.advance();
    m_sink.name(*quoted);
    return Due::value;
  }

  char closing_bracket() const { return m_open.back() == '{' ? '}' : ']'; }

  JsonReader m_reader;
  int m_depth;
  Sink& m_sink;
  std::string m_open;  // short nesting needs no memory of its own
  JsonError m_error = JsonError::syntax;
};

template <class Sink>
std::optional<JsonError> walk_json(std::string_view text, int depth, Sink& sink) {
  return JsonWalk<Sink>(text, depth < 0 ? 0 : depth, sink).run();
}

}  // namespace innkeeper::codec
