#include "web/middleware/security_headers.h"

#include <array>
#include <utility>

#include "device/client_hints.h"

namespace innkeeper::web {
namespace {

using NameAndValue = std::pair<std::string_view, std::string_view>;

constexpr std::array<NameAndValue, 6> always{{
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
     "frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},  // for browsers that don't know frame-ancestors
    // Our own forms are checked by Origin or Referer; other sites learn nothing.
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

}  // namespace

std::vector<http::Header> security_headers() { return {always.begin(), always.end()}; }

http::Response SecurityHeaders::handle(const http::Request& request, http::Context& context,
                                       const http::Handler& next) const {
  http::Response response = next(request, context);
  for (const auto& [name, value] : always) response.set_header(name, std::string(value));
  if (!response.header("Cache-Control")) response.set_header("Cache-Control", "no-store");
  response.set_header("Accept-CH", std::string(device::accept_ch()));
  return response;
}

}  // namespace innkeeper::web
