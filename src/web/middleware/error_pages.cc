#include "web/middleware/error_pages.h"

#include "base/error.h"
#include "http/url.h"
#include "web/page.h"
#include "web/request_state.h"

namespace innkeeper::web {
namespace {

// How long a client should wait: what passes by itself, and what somebody must mend.
constexpr const char* soon = "5";
constexpr const char* later = "60";

bool is_unavailable(const std::exception& error) {
  if (const auto* store = dynamic_cast<const StoreError*>(&error)) {
    return store->kind() != StoreError::Kind::constraint &&
           store->kind() != StoreError::Kind::misuse;
  }
  const auto* ours = dynamic_cast<const Error*>(&error);
  return ours != nullptr && ours->retry() == Retry::later;
}

const char* wait_for(const std::exception& error) {
  const auto* ours = dynamic_cast<const Error*>(&error);
  return ours != nullptr && ours->retry() == Retry::later ? soon : later;
}

}  // namespace

http::Response ErrorPages::failed(const http::Request& request, const std::exception& error) const {
  m_services.log.write(
      LogLevel::error, general_log,
      request.method + ' ' + http::path_for_log(request.path) + ": " + error.what());
  if (!is_unavailable(error)) {
    return error_page(
        m_services,
        {500, "Something went wrong",
         "This page could not be made. What happened has been noted for the operator."});
  }
  http::Response response =
      error_page(m_services, {503, "Not available at the moment",
                              "The session book can’t be read just now, so nothing was changed. "
                              "Please try again in a moment."});
  response.set_header("Retry-After", wait_for(error));
  return response;
}

http::Response ErrorPages::handle(const http::Request& request, http::Context& context,
                                  const http::Handler& next) const {
  try {
    return next(request, context);
  } catch (const PageError& error) {
    return error_page(m_services, error);
  } catch (const std::exception& error) {
    return failed(request, error);
  }
}

}  // namespace innkeeper::web
