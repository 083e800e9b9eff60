#include "web/middleware/host_check.h"

#include <algorithm>

#include "web/request_state.h"

namespace innkeeper::web {
namespace {

std::string lowered(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

// "[::1]:8000" → "[::1]", "Example.ORG.:80" → "example.org".
std::string without_port(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == host.npos ? 0 : bracket);
  std::string name(host.substr(0, colon));
  if (name.ends_with('.')) name.pop_back();
  return lowered(name);
}

bool fits(std::string_view host, std::string_view pattern) {
  if (pattern == "*") return true;
  if (!pattern.starts_with('.')) return host == pattern;
  return host == pattern.substr(1) || host.ends_with(pattern);
}

}  // namespace

bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed) {
  const std::string name = without_port(host);
  return allowed.empty() ||
         std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& pattern) { return fits(name, lowered(pattern)); });
}

http::Response HostCheck::handle(const http::Request& request, http::Context& context,
                                 const http::Handler& next) const {
  if (!is_allowed_host(request.header("Host").value_or(""), m_allowed)) {
    throw PageError{400, "Unknown host", "This site is not served under that name."};
  }
  return next(request, context);
}

}  // namespace innkeeper::web
