#include <innkeeper/error.h>
#include <innkeeper/session.h>

#include "codec/json.h"
#include "library/session_state.h"

namespace innkeeper {
namespace {

constexpr std::string_view user_member = "_auth_user_id";

// The member's JSON text, or null.
const std::string* member(const engine::Session& session, std::string_view name) {
  return session.get(codec::canonical_name(name));
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::exists() const { return m_state->session.exists(); }
bool Session::empty() const { return m_state->session.empty(); }
bool Session::modified() const { return m_state->session.modified(); }

std::string Session::key() const {
  const auto& key = m_state->session.key();
  return key ? std::string(key->reveal()) : std::string();
}

std::string Session::id() const {
  const auto& snapshot = m_state->session.snapshot();
  return snapshot ? snapshot->id.text() : std::string();
}

std::optional<std::string> Session::user_id() const {
  const std::string* json = m_state->session.get(user_member);
  if (json == nullptr) return std::nullopt;
  // Django writes keys as strings; a number is taken by its digits.
  auto text = codec::string_value(*json);
  return text ? std::move(text) : *json;
}

std::optional<std::string> Session::get_text(std::string_view name) const {
  const std::string* json = member(m_state->session, name);
  return json != nullptr ? codec::string_value(*json) : std::nullopt;
}

std::optional<std::int64_t> Session::get_integer(std::string_view name) const {
  const std::string* json = member(m_state->session, name);
  return json != nullptr ? codec::integer_value(*json) : std::nullopt;
}

std::optional<double> Session::get_number(std::string_view name) const {
  const std::string* json = member(m_state->session, name);
  return json != nullptr ? codec::float_value(*json) : std::nullopt;
}

std::optional<bool> Session::get_bool(std::string_view name) const {
  const std::string* json = member(m_state->session, name);
  return json != nullptr ? codec::bool_value(*json) : std::nullopt;
}

std::optional<std::string> Session::get_json(std::string_view name) const {
  const std::string* json = member(m_state->session, name);
  return json != nullptr ? std::optional(*json) : std::nullopt;
}

void Session::set(std::string_view name, std::string_view text) {
  m_state->session.set(codec::canonical_name(name), codec::json_string(text));
}

void Session::set(std::string_view name, double number) {
  m_state->session.set(codec::canonical_name(name), codec::json_float(number));
}

void Session::set_bool(std::string_view name, bool value) {
  m_state->session.set(codec::canonical_name(name), codec::json_bool(value));
}

void Session::set_integer(std::string_view name, std::int64_t number) {
  m_state->session.set(codec::canonical_name(name), codec::json_integer(number));
}

void Session::set_json(std::string_view name, std::string_view json) {
  auto canonical = codec::canonical_json(json);
  if (!canonical) {
    // Neither the name nor the value may stand in a message: both may be private.
    throw Error("Session::set_json was given a text that is no JSON value, or one nested too deep");
  }
  m_state->session.set(codec::canonical_name(name), *std::move(canonical));
}

void Session::remove(std::string_view name) {
  m_state->session.remove(codec::canonical_name(name));
}

void Session::clear() { m_state->session.clear(); }

void Session::set_expiry(std::optional<std::int64_t> seconds) {
  m_state->session.set_expiry(seconds);
}

}  // namespace innkeeper
