// What went wrong, as a page: a status, a heading, what to do; the details go to the log alone.
#pragma once

#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

class ErrorPages final : public http::Middleware {
 public:
  explicit ErrorPages(const Services& services) : m_services(services) {}
  std::string_view name() const override { return "error pages"; }
  // PageError (a middleware's: RefusalPages has taken those of pages) → its page. StoreError and
  // every Error worth trying again → 503 with Retry-After, anything else → 500; both with one line
  // in the log.
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  http::Response failed(const http::Request& request, const std::exception& error) const;

  const Services& m_services;
};

}  // namespace innkeeper::web
