// The inside of JSON strings: escapes read and written. Internal to codec.
//
// Written strings are what Python's ensure_ascii gives: 0x20 to 0x7e as they are but for the quote
// and the backslash, the rest as two-letter escapes or \uxxxx in lower case, characters beyond
// U+FFFF as two surrogates. So a pair of surrogates and the character that it stands for are one
// text, as they are one string in Python.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/json_reader.h"

namespace innkeeper::codec {

// How the bytes beyond ASCII of a JSON text are meant.
enum class Encoding { utf8, latin1 };

// Appends one UTF-16 unit, escaped where it has to be.
void append_unit(std::string& out, std::uint16_t unit);

// Appends a text that is not escaped yet. UTF-8; bytes that are none are taken as latin-1.
void append_escaped(std::string& out, std::string_view utf8);

// Appends the inside of a JSON string (already read without error) in its canonical form.
void append_canonical(std::string& out, const Quoted& quoted, Encoding encoding);

// `json` with every byte beyond ASCII, taken as latin-1, as \u00xx.
std::string ascii_text(std::string_view json);

// Appends in UTF-8 what the inside of a JSON string (already read without error) says; U+FFFD for a
// lone surrogate.
void append_unescaped(std::string& out, std::string_view inside);

}  // namespace innkeeper::codec
