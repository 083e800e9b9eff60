// Who is asking: the client's address behind proxies we trust, whether it speaks TLS, its
// User-Agent and client hints. Puts a ClientInfo into the context.
#pragma once

#include "http/handler.h"
#include "session/client_address.h"

namespace innkeeper::web {

class ClientMiddleware final : public http::Middleware {
 public:
  // `always_secure`: the site is reached by HTTPS alone, whatever the connection says.
  ClientMiddleware(session::TrustedProxies trusted, bool always_secure)
      : m_trusted(std::move(trusted)), m_always_secure(always_secure) {}
  std::string_view name() const override { return "client"; }
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  bool is_secure(const http::Request& request) const;

  session::TrustedProxies m_trusted;
  bool m_always_secure;
};

}  // namespace innkeeper::web
