// What a page refuses, told in the frame of whoever is signed in: they keep their navigation.
#pragma once

#include "http/handler.h"
#include "web/request_state.h"
#include "web/services.h"

namespace innkeeper::web {

class RefusalPages final : public http::Middleware {
 public:
  explicit RefusalPages(const Services& services) : m_services(services) {}
  std::string_view name() const override { return "refusal pages"; }
  // PageError → its page; a bare 404 or 405 of the router gets a page. Needs a CurrentUser and a
  // CsrfToken; visitors get the page of ErrorPages, for which neither is asked.
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  http::Response page(http::Context& context, const PageError& error) const;

  const Services& m_services;
};

}  // namespace innkeeper::web
