#include "web/middleware/client_middleware.h"

#include "device/client_hints.h"
#include "web/request_state.h"

namespace innkeeper::web {
namespace {

session::Client client_of(const http::Request& request, const session::TrustedProxies& trusted) {
  session::Client client;
  client.ip = session::client_address(request.peer, request.joined_header(trusted.address_header()),
                                      trusted);
  client.user_agent = session::column_text(request.header("User-Agent").value_or(""));
  client.client_hints = session::column_text(
      device::pack_client_hints([&](std::string_view name) { return request.header(name); }));
  return client;
}

}  // namespace

bool ClientMiddleware::is_secure(const http::Request& request) const {
  return m_always_secure || request.secure ||
         session::is_forwarded_https(request.peer, request.joined_header(m_trusted.scheme_header()),
                                     m_trusted);
}

http::Response ClientMiddleware::handle(const http::Request& request, http::Context& context,
                                        const http::Handler& next) const {
  context.put(
      std::make_shared<ClientInfo>(ClientInfo{client_of(request, m_trusted), is_secure(request)}));
  return next(request, context);
}

}  // namespace innkeeper::web
