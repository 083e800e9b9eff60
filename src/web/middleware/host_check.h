// Only the hosts of ALLOWED_HOSTS are served, where that is set: nothing is built from a forged
// Host.
#pragma once

#include <string>
#include <vector>

#include "http/handler.h"

namespace innkeeper::web {

// Whether `host` (with or without a port) is one of `allowed`, Django's patterns: "example.org",
// ".example.org" for it and its subdomains, "*" for all; case does not count. An empty list allows
// all.
bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed);

class HostCheck final : public http::Middleware {
 public:
  explicit HostCheck(std::vector<std::string> allowed) : m_allowed(std::move(allowed)) {}
  std::string_view name() const override { return "host check"; }
  // Throws PageError (400) for another host.
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  std::vector<std::string> m_allowed;
};

}  // namespace innkeeper::web
