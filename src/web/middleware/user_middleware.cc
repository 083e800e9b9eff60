#include "web/middleware/user_middleware.h"

#include "web/request_state.h"

namespace innkeeper::web {

http::Response UserMiddleware::handle(const http::Request& request, http::Context& context,
                                      const http::Handler& next) const {
  SessionInHand* session = context.get<SessionInHand>();
  context.put(std::make_shared<CurrentUser>(
      [this, session] { return m_accounts.user_of(session->get()); }));
  return next(request, context);
}

}  // namespace innkeeper::web
