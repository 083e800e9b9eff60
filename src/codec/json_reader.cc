#include "codec/json_reader.h"

#include <algorithm>

namespace innkeeper::codec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// What a string may hold as it is: all but the quote, the backslash and control characters.
bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

}  // namespace

bool JsonReader::skip_escape() {
  advance();
  const char letter = peek();
  if (letter == '\0' || std::string_view("\"\\/bfnrtu").find(letter) == std::string_view::npos) {
    return false;
  }
  advance();
  if (letter != 'u') return true;
  const std::string_view digits = m_text.substr(m_at, 4);
  m_at += digits.size();
  return digits.size() == 4 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return is_hex_digit(c); });
}

// False where something stands before the quote that no string may hold.
bool JsonReader::skip_to_quote() {
  for (; peek() != '"'; m_at += verbatim_run(m_text.substr(m_at))) {
    if (is_plain(peek())) {
      advance();
    } else if (peek() != '\\' || !skip_escape()) {
      return false;
    }
  }
  return true;
}

std::optional<Scalar> JsonReader::take_scalar() {
  const char first = peek();
  if (first == '"') {
    const std::size_t begin = m_at;
    const auto quoted = take_string();
    if (!quoted) return std::nullopt;
    return Scalar{Scalar::Kind::string, since(begin), quoted->verbatim};
  }
  if (is_digit(first)) return take_number();
  if (first == '-' && m_text.substr(m_at, 2) != "-I") return take_number();
  return take_word();
}

std::optional<Scalar> JsonReader::take_word() {
  for (const std::string_view word : {"null", "true", "false", "NaN", "Infinity", "-Infinity"}) {
    if (m_text.substr(m_at, word.size()) != word) continue;
    m_at += word.size();
    return Scalar{Scalar::Kind::word, word};
  }
  return std::nullopt;
}

std::size_t JsonReader::skip_digits() {
  const std::size_t begin = m_at;
  while (is_digit(peek())) advance();
  return m_at - begin;
}

// A point or an `e` without digits after it is no part of the number: the caller then finds it in
// its way.
std::optional<Scalar> JsonReader::take_number() {
  const std::size_t begin = m_at;
  if (peek() == '-') advance();
  const bool zero = peek() == '0';
  if (zero) advance();
  if (!zero && skip_digits() == 0) return std::nullopt;
  Scalar::Kind kind = Scalar::Kind::integer;
  std::size_t end = m_at;
  if (peek() == '.') {
    advance();
    if (skip_digits() > 0) {
      end = m_at;
      kind = Scalar::Kind::floating;
    }
    m_at = end;
  }
  if (peek() == 'e' || peek() == 'E') {
    advance();
    if (peek() == '+' || peek() == '-') advance();
    if (skip_digits() > 0) {
      end = m_at;
      kind = Scalar::Kind::floating;
    }
    m_at = end;
  }
  return Scalar{kind, since(begin)};
}

}  // namespace innkeeper::codec
