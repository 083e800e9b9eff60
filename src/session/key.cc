#include "session/key.h"

#include <algorithm>

#include "base/digest.h"

namespace innkeeper::session {

namespace {

constexpr std::string_view key_characters = "abcdefghijklmnopqrstuvwxyz0123456789";

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex_digit(char letter) { return is_digit(letter) || (letter >= 'a' && letter <= 'f'); }
bool is_key_character(char letter) { return is_digit(letter) || (letter >= 'a' && letter <= 'z'); }

std::string id_of(std::string_view key) {
  return to_hex(as_text(sha256(key)).substr(0, SessionId::length / 2));
}

}  // namespace

std::optional<SessionId> SessionId::parse(std::string_view text) {
  if (text.size() != length || !std::ranges::all_of(text, is_hex_digit)) return std::nullopt;
  return SessionId(std::string(text));
}

SessionKey::SessionKey(std::string text) : m_text(std::move(text)), m_id(id_of(m_text.reveal())) {}

SessionKey SessionKey::issue(Random& random) {
  return SessionKey(random_text(random, length, key_characters));
}

std::optional<SessionKey> SessionKey::parse(std::string_view cookie) {
  if (cookie.size() != length || !std::ranges::all_of(cookie, is_key_character))
    return std::nullopt;
  return SessionKey(std::string(cookie));
}

}  // namespace innkeeper::session
