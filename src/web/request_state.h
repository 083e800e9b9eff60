// What the middlewares find out about a request, for the pages behind them: each stands in the
// request's Context under its own type.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "http/handler.h"
#include "user/user.h"

namespace innkeeper::web {

// Where the request comes from (middleware/client_middleware.h).
struct ClientInfo {
  session::Client client;  // address, User-Agent and client hints, as the session's row takes them
  bool secure = false;     // the client speaks TLS, with us or with a proxy we trust
};

// The request's session, opened when it is first asked for (middleware/session_middleware.h).
class SessionInHand {
 public:
  explicit SessionInHand(std::function<engine::Session()> open) : m_open(std::move(open)) {}
  engine::Session& get() {
    if (!m_session) m_session = m_open();
    return *m_session;
  }
  // Null where nobody asked: the answer does not depend on the cookie.
  engine::Session* opened() { return m_session ? &*m_session : nullptr; }

 private:
  std::function<engine::Session()> m_open;
  std::optional<engine::Session> m_session;
};

// The user that the session is signed in as, looked up once (middleware/user_middleware.h).
class CurrentUser {
 public:
  explicit CurrentUser(std::function<std::optional<user::User>()> find) : m_find(std::move(find)) {}
  // Null for visitors.
  const user::User* get() {
    if (!m_known) m_user = m_find();
    m_known = true;
    return m_user ? &*m_user : nullptr;
  }
  void forget() { m_known = false; }  // after signing in or out

 private:
  std::function<std::optional<user::User>()> m_find;
  bool m_known = false;
  std::optional<user::User> m_user;
};

// The token that a page's forms carry (middleware/csrf_middleware.h).
class CsrfToken {
 public:
  explicit CsrfToken(std::function<std::string()> make) : m_make(std::move(make)) {}
  std::string text() { return m_make(); }

 private:
  std::function<std::string()> m_make;
};

// In the place of a sign-in form whose token was not of this session, its page is asked for: with
// this name, and saying why (middleware/csrf_middleware.h).
struct StaleForm {
  explicit StaleForm(std::string name) : username(std::move(name)) {}
  std::string username;
};

// A page for a status, with a heading and what to do; carried by exception out of any depth.
struct PageError {
  int status = 400;
  std::string heading, text;
};

}  // namespace innkeeper::web
