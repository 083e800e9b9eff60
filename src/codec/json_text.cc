#include "codec/json_text.h"

#include <charconv>
#include <cstring>

#include "base/utf8.h"
#include "codec/json_verbatim.h"

namespace innkeeper::codec {

namespace {

constexpr std::string_view escape_letters = "\"\\/bfnrt";
constexpr std::string_view escape_meanings = "\"\\/\b\f\n\r\t";

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_high(char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low(char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

// Appends the longest run of `text` that needs no change and takes it off.
void append_verbatim_run(std::string& out, std::string_view& text) {
  const std::size_t length = verbatim_run(text);
  out.append(text.data(), length);
  text.remove_prefix(length);
}

// Eight bytes at a time: nearly every value is looked at for nothing.
bool all_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  for (; text.size() >= sizeof seen; text.remove_prefix(sizeof seen)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    seen |= word;
  }
  for (const char c : text) seen |= static_cast<std::uint8_t>(c);
  return (seen & 0x8080808080808080u) == 0;
}

void append_code(std::string& out, char32_t code) {
  if (code < 0x10000) return append_unit(out, static_cast<std::uint16_t>(code));
  code -= 0x10000;
  append_unit(out, static_cast<std::uint16_t>(0xd800 + (code >> 10)));
  append_unit(out, static_cast<std::uint16_t>(0xdc00 + (code & 0x3ff)));
}

// The unit that the escape at the front of `text` stands for; takes the escape off.
std::uint16_t take_escape(std::string_view& text) {
  const char letter = text[1];
  text.remove_prefix(2);
  if (letter != 'u') return static_cast<std::uint8_t>(escape_meanings[escape_letters.find(letter)]);
  std::uint16_t unit = 0;
  std::from_chars(text.data(), text.data() + 4, unit, 16);
  text.remove_prefix(4);
  return unit;
}

Utf8Step first_character(std::string_view text, Encoding encoding) {
  if (encoding == Encoding::latin1) return {static_cast<std::uint8_t>(text.front()), 1, true};
  return first_utf8(text, Surrogates::taken);
}

// The code point at the front of `text`, two escaped surrogates joined; takes it off.
char32_t take_code(std::string_view& text) {
  if (text.front() != '\\') {
    const Utf8Step step = first_character(text, Encoding::utf8);
    text.remove_prefix(step.length);
    return step.code;
  }
  const char32_t unit = take_escape(text);
  if (!is_high(unit) || !text.starts_with("\\u")) return unit;
  std::string_view rest = text;
  const char32_t next = take_escape(rest);
  if (!is_low(next)) return unit;
  text = rest;
  return 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
}

}  // namespace

void append_unit(std::string& out, std::uint16_t unit) {
  static constexpr char digits[] = "0123456789abcdef";
  if (unit < 0x80 && is_verbatim(static_cast<char>(unit))) {
    out += static_cast<char>(unit);
    return;
  }
  out += '\\';
  const std::size_t short_form =
      unit < 0x80 ? escape_meanings.find(static_cast<char>(unit)) : std::string_view::npos;
  if (short_form != std::string_view::npos) {
    out += escape_letters[short_form];
    return;
  }
  out += 'u';
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> shift) & 15];
}

void append_escaped(std::string& out, std::string_view utf8) {
  for (append_verbatim_run(out, utf8); !utf8.empty(); append_verbatim_run(out, utf8)) {
    const Utf8Step step = first_character(utf8, Encoding::utf8);
    append_code(out, step.code);
    utf8.remove_prefix(step.length);
  }
}

void append_canonical(std::string& out, const Quoted& quoted, Encoding encoding) {
  std::string_view inside = quoted.inside;
  if (quoted.verbatim) {
    out += inside;
    return;
  }
  for (append_verbatim_run(out, inside); !inside.empty(); append_verbatim_run(out, inside)) {
    if (inside.front() == '\\') {
      append_unit(out, take_escape(inside));
      continue;
    }
    const Utf8Step step = first_character(inside, encoding);
    append_code(out, step.code);
    inside.remove_prefix(step.length);
  }
}

std::string ascii_text(std::string_view json) {
  if (all_ascii(json)) return std::string(json);
  std::string text;
  for (const char c : json) {
    if (is_ascii(c)) {
      text += c;
    } else {
      append_unit(text, static_cast<std::uint8_t>(c));
    }
  }
  return text;
}

void append_unescaped(std::string& out, std::string_view inside) {
  constexpr char32_t replacement = 0xfffd;
  while (!inside.empty()) {
    const char32_t code = take_code(inside);
    append_utf8(out, is_high(code) || is_low(code) ? replacement : code);
  }
}

}  // namespace innkeeper::codec
