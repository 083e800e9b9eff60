// What went wrong, as a page: a status, a heading, what to do; the details go to the log alone.
#pragma once

#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

class ErrorPages final : public http::Middleware {
 public:
  explicit ErrorPages(const Services& services) : m_services(services) {}
  std::string_view name() const override { return "error pages"; }
  // PageError → its page. StoreError and every Error worth trying again → 503 with Retry-After,
  // anything else → 500; both with one line in the log. A bare 404 or 405 of the router gets a
  // page.
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  http::Response failed(const http::Request& request, const std::exception& error) const;
  http::Response page(int status, std::string_view heading, std::string_view text) const;

  const Services& m_services;
};

}  // namespace innkeeper::web
