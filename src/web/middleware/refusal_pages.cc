#include "web/middleware/refusal_pages.h"

#include "web/page.h"

namespace innkeeper::web {
namespace {

bool is_bare(const http::Response& response) {
  return (response.status == 404 || response.status == 405) &&
         response.header("Content-Type").value_or("").starts_with("text/plain");
}

PageError told(const http::Response& bare) {
  if (bare.status == 404) return {404, "Page not found", "There is nothing at this address."};
  return {405, "Not possible here", "This address does not take that kind of request."};
}

}  // namespace

http::Response RefusalPages::page(http::Context& context, const PageError& error) const {
  if (current_user(context) == nullptr) return error_page(m_services, error);
  return web::page(m_services, context, "error", error.heading, "", error_view(error),
                   error.status);
}

http::Response RefusalPages::handle(const http::Request& request, http::Context& context,
                                    const http::Handler& next) const {
  try {
    http::Response response = next(request, context);
    if (!is_bare(response)) return response;
    http::Response with_page = page(context, told(response));
    if (const auto allow = response.header("Allow")) {
      with_page.set_header("Allow", std::string(*allow));
    }
    return with_page;
  } catch (const PageError& error) {
    return page(context, error);
  }
}

}  // namespace innkeeper::web
