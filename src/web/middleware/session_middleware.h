// The request's session, with the cookie semantics of Django's SessionMiddleware.
//
// The session is opened when it is first asked for; a request that never asks costs nothing and its
// answer does not vary. Afterwards:
// - looked at → `Vary: Cookie`;
// - there is none, and a cookie came → the cookie is deleted, unless its session was given a fresh
//   key a moment ago (Engine::was_rotated): that may be the browser's by now;
// - emptied by the request → ended, and the cookie deleted, but not for a 5xx;
// - its payload was refused → it looks empty, but row and cookie stay as they are;
// - modified (or SESSION_SAVE_EVERY_REQUEST) → saved and the cookie set, but not for a 5xx;
// - its key changed (sign-in) → the cookie is set;
// - read only → at most a throttled note of the activity, whose failure costs a line in the log,
// never
//   the answer.
#pragma once

#include "http/handler.h"
#include "web/request_state.h"
#include "web/services.h"

namespace innkeeper::web {

class SessionMiddleware final : public http::Middleware {
 public:
  explicit SessionMiddleware(const Services& services) : m_services(services) {}
  std::string_view name() const override { return "session"; }
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  void finish(const std::optional<std::string>& cookie, const ClientInfo& client,
              engine::Session& session, http::Response& response) const;
  void note_activity(engine::Session& session, const session::Client& client) const;
  void set_cookie(const engine::Session& session, const ClientInfo& client,
                  http::Response& response) const;
  void drop(const std::optional<std::string>& cookie, const ClientInfo& client,
            http::Response& response) const;

  const Services& m_services;
};

}  // namespace innkeeper::web
