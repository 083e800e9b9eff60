// The signed-in user, looked up when a page first asks. Puts a CurrentUser into the context.
#pragma once

#include "engine/accounts.h"
#include "http/handler.h"

namespace innkeeper::web {

class UserMiddleware final : public http::Middleware {
 public:
  explicit UserMiddleware(engine::Accounts& accounts) : m_accounts(accounts) {}
  std::string_view name() const override { return "user"; }
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  engine::Accounts& m_accounts;
};

}  // namespace innkeeper::web
