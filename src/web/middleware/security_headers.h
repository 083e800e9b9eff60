// Headers that narrow what a browser may do with our pages. Nothing from a third party, no script,
// no framing; no page is kept by a cache unless it says so itself.
#pragma once

#include <vector>

#include "http/handler.h"

namespace innkeeper::web {

// The same on every answer. For http::ServerOptions too, whose own answers pass no middleware.
std::vector<http::Header> security_headers();

class SecurityHeaders final : public http::Middleware {
 public:
  std::string_view name() const override { return "security headers"; }
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;
};

}  // namespace innkeeper::web
