#include <innkeeper/book.h>
#include <innkeeper/error.h>

#include "base/log.h"
#include "library/book_state.h"
#include "library/session_state.h"

namespace innkeeper {
namespace {

Saved public_saved(engine::Saved saved) {
  switch (saved) {
    case engine::Saved::created:
      return Saved::created;
    case engine::Saved::updated:
      return Saved::updated;
    case engine::Saved::merged:
      return Saved::merged;
    case engine::Saved::ended:
      break;
  }
  return Saved::ended;
}

session::Client inner_client(const Client& client) {
  return {.ip = IpAddress::parse(client.ip), .user_agent = client.user_agent, .client_hints = {}};
}

User public_user(const user::User& user) {
  return {.id = user.id,
          .username = user.username,
          .email = user.email,
          .is_active = user.is_active,
          .is_staff = user.is_staff,
          .is_superuser = user.is_superuser};
}

std::optional<User> public_user(const std::optional<user::User>& user) {
  return user ? std::optional(public_user(*user)) : std::nullopt;
}

engine::RevokeOptions revocation(std::string_view actor) {
  engine::RevokeOptions options;
  options.actor = actor;
  return options;
}

}  // namespace

Book::Book(const Options& options) : m_state(std::make_unique<State>(options)) {}
Book::~Book() = default;

Session Book::open(std::optional<std::string_view> cookie) {
  return Session(std::make_unique<Session::State>(Session::State{m_state->engine.open(cookie)}));
}

Saved Book::save(Session& session, const Client& client) {
  engine::Session& inner = session.m_state->session;
  const Saved saved = public_saved(m_state->engine.save(inner, inner_client(client)));
  if (saved == Saved::ended || saved == Saved::created) return saved;
  try {
    m_state->engine.touch(inner, inner_client(client));
  } catch (const StoreError& error) {  // what counts is saved
    m_state->log.write(LogLevel::warning, general_log,
                       std::string("noting a session's use: ") + error.what());
  }
  return saved;
}

bool Book::touch(Session& session, const Client& client) {
  return m_state->engine.touch(session.m_state->session, inner_client(client));
}

Saved Book::rotate_key(Session& session, const Client& client) {
  return public_saved(m_state->engine.rotate_key(session.m_state->session, inner_client(client)));
}

void Book::end(Session& session) {
  m_state->engine.flush(session.m_state->session, store::Reason::signed_out, {});
}

std::optional<std::chrono::seconds> Book::cookie_age(const Session& session) const {
  return m_state->engine.cookie_age(session.m_state->session);
}

std::optional<User> Book::sign_in(Session& session, std::string_view username,
                                  const Secret& password, const Client& client) {
  const auto user = m_state->accounts.authenticate(username, password);
  if (user) m_state->accounts.sign_in(session.m_state->session, *user, inner_client(client));
  return public_user(user);
}

void Book::sign_in_as(Session& session, std::string_view user_id, const Client& client) {
  const auto user = m_state->accounts.find(user_id);
  if (!user || !user->is_active) {
    throw Error("Book::sign_in_as: the book has no active user with the id " +
                std::string(user_id));
  }
  m_state->accounts.sign_in(session.m_state->session, *user, inner_client(client));
}

std::optional<User> Book::user_of(Session& session) {
  return public_user(m_state->accounts.user_of(session.m_state->session));
}

std::string Book::create_user(const User& user, const Secret& password) {
  user::User row;
  row.id = user.id;
  row.username = user.username;
  row.email = user.email;
  row.is_active = user.is_active;
  row.is_staff = user.is_staff;
  row.is_superuser = user.is_superuser;
  return m_state->accounts.create(std::move(row), password);
}

std::optional<User> Book::find_user(std::string_view username) {
  return public_user(m_state->accounts.find_by_username(username));
}

std::vector<SessionInfo> Book::sessions_of(std::string_view user_id, int limit) {
  std::vector<SessionInfo> infos;
  if (limit <= 0) return infos;
  store::SessionFilter filter;
  filter.validity = store::SessionFilter::Validity::active;
  filter.user_id = std::string(user_id);
  for (const auto& summary : m_state->engine.list(filter, {.size = limit}).sessions) {
    infos.push_back(m_state->info_of(summary));
  }
  return infos;
}

std::optional<SessionInfo> Book::find(std::string_view id) {
  const auto parsed = session::SessionId::parse(id);
  if (!parsed) return std::nullopt;
  store::SessionFilter filter;
  filter.validity = store::SessionFilter::Validity::active;
  filter.only = parsed;
  const auto page = m_state->engine.list(filter, {.size = 1});
  if (page.sessions.empty()) return std::nullopt;
  return m_state->info_of(page.sessions.front());
}

bool Book::revoke(std::string_view id, std::string_view actor) {
  const auto parsed = session::SessionId::parse(id);
  return parsed && m_state->engine.revoke(*parsed, revocation(actor));
}

std::int64_t Book::revoke_all(std::string_view user_id, std::string_view except,
                              std::string_view actor) {
  store::SessionFilter filter;
  filter.user_id = std::string(user_id);
  if (!except.empty()) {
    const auto kept = session::SessionId::parse(except);
    if (!kept) throw Error("Book::revoke_all: `except` is no session's id; nothing was ended");
    filter.except.push_back(*kept);
  }
  return m_state->engine.revoke_all(std::move(filter), revocation(actor));
}

std::int64_t Book::clear_expired(std::chrono::milliseconds budget) {
  return m_state->engine.clear_expired({.budget = budget, .progress = {}}).sessions;
}

}  // namespace innkeeper
