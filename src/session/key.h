// A session's key, which only the browser holds, and its id, which everybody may see.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"

namespace innkeeper::session {

// The public id of a session: the first 40 hexadecimal digits of the SHA-256 of its key. It is what
// the column `session_key`, the cache, URLs, pages and logs carry; it opens nothing. A value type.
class SessionId {
 public:
  static constexpr std::size_t length = 40;
  // 40 lower-case hexadecimal digits, or nothing.
  static std::optional<SessionId> parse(std::string_view text);
  const std::string& text() const { return m_text; }
  auto operator<=>(const SessionId&) const = default;

 private:
  friend class SessionKey;
  explicit SessionId(std::string text) : m_text(std::move(text)) {}
  std::string m_text;
};

// 32 characters of [a-z0-9], as Django issues them: the bearer's secret. Never logged, stored or
// printed.
class SessionKey {
 public:
  static constexpr std::size_t length = 32;
  // A fresh key (165 bits) from `random`.
  static SessionKey issue(Random& random);
  // The key in a cookie's value; nothing where the value has not the form of a key.
  static std::optional<SessionKey> parse(std::string_view cookie);
  const SessionId& id() const { return m_id; }
  // The text for the Set-Cookie header, and for nothing else.
  std::string_view reveal() const { return m_text.reveal(); }

 private:
  explicit SessionKey(std::string text);
  Secret m_text;
  SessionId m_id;
};

}  // namespace innkeeper::session

template <>
struct std::hash<innkeeper::session::SessionId> {
  std::size_t operator()(const innkeeper::session::SessionId& id) const noexcept {
    return std::hash<std::string>()(id.text());
  }
};
