#include "web/middleware/client_middleware.h"

#include "device/client_hints.h"
#include "web/request_state.h"

namespace innkeeper::web {
namespace {

session::Client client_of(const http::Request& request, const session::TrustedProxies& trusted) {
  session::Client client;
  client.ip = session::client_address(request.peer, request.joined_header("X-Forwarded-For"),
                                      request.joined_header("Forwarded"), trusted);
  client.user_agent = session::column_text(request.header("User-Agent").value_or(""));
  client.client_hints = session::column_text(
      device::pack_client_hints([&](std::string_view name) { return request.header(name); }));
  return client;
}

}  // namespace

// Only the proxy next to us is asked, and only its own word (the last, where several were joined).
bool ClientMiddleware::is_secure(const http::Request& request) const {
  if (m_always_secure || request.secure) return true;
  if (!m_trusted.trusts_peer(request.peer)) return false;
  const std::string said = request.joined_header("X-Forwarded-Proto");
  const std::size_t last = said.find_last_of(", ");
  return http::same_name(last == said.npos ? said : said.substr(last + 1), "https");
}

http::Response ClientMiddleware::handle(const http::Request& request, http::Context& context,
                                        const http::Handler& next) const {
  context.put(
      std::make_shared<ClientInfo>(ClientInfo{client_of(request, m_trusted), is_secure(request)}));
  return next(request, context);
}

}  // namespace innkeeper::web
