#include "web/middleware/session_middleware.h"

#include "base/error.h"
#include "http/cookie.h"

namespace innkeeper::web {
namespace {

// Over HTTPS the key is never sent in clear, whatever the settings forgot: as the form's cookie.
http::SetCookie cookie_shape(const SessionCookieOptions& options, const ClientInfo& client) {
  http::SetCookie cookie;
  cookie.name = options.name;
  cookie.domain = options.domain;
  cookie.path = options.path;
  cookie.secure = options.secure || client.secure;
  cookie.http_only = options.http_only;
  cookie.same_site = options.same_site;
  return cookie;
}

void vary_by_cookie(http::Response& response) {
  const auto vary = response.header("Vary");
  response.set_header("Vary", vary ? std::string(*vary) + ", Cookie" : "Cookie");
}

}  // namespace

http::Response SessionMiddleware::handle(const http::Request& request, http::Context& context,
                                         const http::Handler& next) const {
  const std::optional<std::string> cookie = request.cookie(m_services.options.cookie.name);
  const auto in_hand = std::make_shared<SessionInHand>([this, cookie] {
    return m_services.engine.open(cookie ? std::optional<std::string_view>(*cookie) : std::nullopt);
  });
  context.put(in_hand);
  http::Response response = next(request, context);
  if (engine::Session* session = in_hand->opened()) {
    finish(cookie, *context.get<ClientInfo>(), *session, response);
  }
  return response;
}

void SessionMiddleware::finish(const std::optional<std::string>& cookie, const ClientInfo& client,
                               engine::Session& session, http::Response& response) const {
  vary_by_cookie(response);
  const bool server_error = response.status >= 500;
  // An emptied session is over: the key must not open what it held.
  if (session.empty() && session.exists() && session.modified() && !server_error) {
    const auto user = session.snapshot()->user_id;
    m_services.engine.flush(session, store::Reason::signed_out, user ? "user " + *user : "");
  }
  if (session.empty() && !session.exists()) {
    drop(cookie, client, response);
    return;
  }
  // A payload that was refused is not written over unless somebody changed it: it is good again
  // once a forgotten fallback key is back.
  const bool renew = m_services.options.save_every_request && !session.refused();
  if ((session.modified() || renew) && !server_error) {
    if (m_services.engine.save(session, client.client) == engine::Saved::ended) {
      // Ended while this request was under way: it stays ended.
      drop(cookie, client, response);
      return;
    }
    set_cookie(session, client, response);
  } else if (session.key() && (!cookie || session.key()->reveal() != *cookie)) {
    set_cookie(session, client, response);
  }
  if (!server_error) note_activity(session, client.client);
}

void SessionMiddleware::note_activity(engine::Session& session,
                                      const session::Client& client) const {
  try {
    m_services.engine.touch(session, client);
  } catch (const StoreError& error) {
    m_services.log.write(LogLevel::warning, general_log,
                         std::string("noting a session's activity: ") + error.what());
  }
}

void SessionMiddleware::set_cookie(const engine::Session& session, const ClientInfo& client,
                                   http::Response& response) const {
  if (!session.key()) return;
  http::SetCookie cookie = cookie_shape(m_services.options.cookie, client);
  cookie.value = session.key()->reveal();
  cookie.max_age = m_services.engine.cookie_age(session);
  response.add_header("Set-Cookie", http::format_set_cookie(cookie, m_services.clock.now()));
}

void SessionMiddleware::drop(const std::optional<std::string>& cookie, const ClientInfo& client,
                             http::Response& response) const {
  if (!cookie || m_services.engine.was_rotated(*cookie)) return;
  response.add_header("Set-Cookie",
                      http::format_delete_cookie(cookie_shape(m_services.options.cookie, client)));
}

}  // namespace innkeeper::web
