// The words of JSON, one after the other, as Python's scanner takes them. Internal to codec.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "codec/json_verbatim.h"

namespace innkeeper::codec {

// What stands between two quotes; `verbatim` where all of it means itself (json_verbatim.h).
struct Quoted {
  std::string_view inside;
  bool verbatim;
};

// A value that holds no others, with its text as it stands (a string with its quotes).
struct Scalar {
  enum class Kind { string, integer, floating, word };  // word: null, true, false, NaN, ±Infinity
  Kind kind;
  std::string_view text;
  bool verbatim = true;

  // Of a string.
  Quoted quoted() const { return {text.substr(1, text.size() - 2), verbatim}; }
};

// Moves from left to right over a text that it does not own. A take_… that finds nothing gives
// nothing, and the reader is of no use after that.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : m_text(text) {}

  // The next character, or NUL at the end (where a NUL in the text is no less a syntax error).
  char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
  bool at_end() const { return m_at == m_text.size(); }
  std::size_t position() const { return m_at; }
  void advance() { ++m_at; }
  void skip_space() {
    while (m_at < m_text.size() && is_space(m_text[m_at])) ++m_at;
  }

  // A string in quotes: no raw control character in it, every escape whole.
  std::optional<Quoted> take_string() {
    if (peek() != '"') return std::nullopt;
    const std::size_t begin = m_at + 1;
    m_at = begin + verbatim_run(m_text.substr(begin));
    const bool verbatim = peek() == '"';
    if (!verbatim && !skip_to_quote()) return std::nullopt;
    const std::string_view inside = since(begin);
    advance();
    return Quoted{inside, verbatim};
  }
  std::optional<Scalar> take_scalar();

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  bool skip_to_quote();
  bool skip_escape();
  std::size_t skip_digits();
  std::optional<Scalar> take_word();
  std::optional<Scalar> take_number();
  std::string_view since(std::size_t begin) const { return m_text.substr(begin, m_at - begin); }

  std::string_view m_text;
  std::size_t m_at = 0;
};

}  // namespace innkeeper::codec
