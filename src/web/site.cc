#include "web/site.h"

#include "web/account/my_sessions.h"
#include "web/admin/admin.h"
#include "web/auth/sign_in.h"
#include "web/middleware/client_middleware.h"
#include "web/middleware/csrf_middleware.h"
#include "web/middleware/error_pages.h"
#include "web/middleware/host_check.h"
#include "web/middleware/refusal_pages.h"
#include "web/middleware/request_log.h"
#include "web/middleware/security_headers.h"
#include "web/middleware/session_middleware.h"
#include "web/middleware/user_middleware.h"
#include "web/page.h"
#include "web/services.h"

namespace innkeeper::web {
namespace {

// One place of the chain: its name and reason stand here once, for building and for showing.
enum class Link { log, headers, errors, host, client, session, csrf, user, refusals };

struct LinkText {
  Link link;
  const char* name;
  const char* reason;
};

constexpr LinkText links[] = {
    {Link::log, "request log", "outermost: it sees the final status, and the time of everything"},
    {Link::headers, "security headers", "outside the error pages, so that those carry them too"},
    {Link::errors, "error pages", "outside all that may throw, the saving of the session included"},
    {Link::host, "host check", "first of what may refuse: nothing is built from a forged Host"},
    {Link::client, "client", "address and scheme, which the session and the form check need"},
    {Link::session, "session", "opens lazily; saves after all that may change the session"},
    {Link::csrf, "csrf", "inside the session, to which its tokens are bound; before any handler"},
    {Link::user, "user", "around all that asks who it is"},
    {Link::refusals, "refusal pages", "innermost: what a page refuses is told to whom it knows"},
};

std::shared_ptr<const http::Middleware> make_link(Link link, const Services& services) {
  const SiteOptions& options = services.options;
  switch (link) {
    case Link::log:
      return std::make_shared<RequestLog>(services.clock, services.log);
    case Link::headers:
      return std::make_shared<SecurityHeaders>();
    case Link::errors:
      return std::make_shared<ErrorPages>(services);
    case Link::host:
      return std::make_shared<HostCheck>(options.allowed_hosts);
    case Link::client:
      return std::make_shared<ClientMiddleware>(options.trusted_proxies, options.secure);
    case Link::session:
      return std::make_shared<SessionMiddleware>(services);
    case Link::csrf:
      return std::make_shared<CsrfMiddleware>(services);
    case Link::user:
      return std::make_shared<UserMiddleware>(services.accounts);
    case Link::refusals:
      return std::make_shared<RefusalPages>(services);
  }
  return nullptr;
}

http::Router make_routes(const Services& services) {
  http::Router router;
  router.add("GET", "/", [](const http::Request&, http::Context&) {
    return http::Response::redirect(paths::my_sessions);
  });
  router.add("GET", "/static/{file}", serve_static);
  add_sign_in_routes(services, router);
  add_account_routes(services, router);
  add_session_list_routes(services, router);
  add_end_sessions_routes(services, router);  // before {id}: "end" is no id
  add_session_detail_routes(services, router);
  add_history_routes(services, router);
  return router;
}

}  // namespace

http::Handler make_site(SiteOptions options, engine::Engine& engine, engine::Accounts& accounts,
                        const device::DeviceReader& devices,
                        const location::LocationReader& locations, const Clock& clock,
                        Random& random, Log& log) {
  auto gate = std::make_unique<PasswordGate>(options.workers);
  auto recent = std::make_unique<RecentSignIns>(clock);
  const std::shared_ptr<const Services> services(
      new Services{std::move(options), engine, accounts, devices, locations, clock, random, log,
                   Templates(), std::move(gate), std::move(recent)});
  const auto router = std::make_shared<const http::Router>(make_routes(*services));
  std::vector<http::Place> places;
  for (const LinkText& text : links)
    places.push_back({make_link(text.link, *services), text.reason});
  // The innermost handler keeps the services alive: everything before it only refers to them.
  return http::chain(std::move(places),
                     [services, router](const http::Request& request, http::Context& context) {
                       return router->route(request, context);
                     });
}

std::vector<ChainLink> site_chain() {
  std::vector<ChainLink> chain;
  for (const LinkText& text : links) chain.push_back({text.name, text.reason});
  return chain;
}

}  // namespace innkeeper::web
