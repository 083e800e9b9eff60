// The site: everything that Innkeeper serves over HTTP, as one handler.
//
// Middlewares stand in middleware/, sign-in in auth/, a user's own page in account/, the staff's in
// admin/; what they share is in services.h. Pages are templates/ filled in by view.h.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "device/device.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "http/handler.h"
#include "location/location.h"
#include "session/client_address.h"

namespace innkeeper::web {

// SESSION_COOKIE_*, with Django's defaults. The age is the engine's (Engine::cookie_age).
struct SessionCookieOptions {
  std::string name = "sessionid";
  std::string domain;
  std::string path = "/";
  bool secure = false;
  bool http_only = true;
  std::string same_site = "Lax";  // empty: not said
};

// Bytes of a request's body that no form of the pages exceeds: the longest password that the
// sign-in form takes, escaped, is 48 KiB. For the server, since every connection may hold one.
inline constexpr std::size_t body_limit = 64u << 10;

// Who is let in to the staff's pages, which show and end everybody's sessions, data included. In
// Django `is_staff` alone gives no right at all: each is a permission, which is not looked at here.
enum class StaffPages { superusers, staff };

struct SiteOptions {
  std::string title = "Innkeeper";
  SessionCookieOptions cookie;
  bool save_every_request = false;          // SESSION_SAVE_EVERY_REQUEST
  std::string csrf_cookie = "csrftoken";    // CSRF_COOKIE_NAME
  session::TrustedProxies trusted_proxies;  // whose forwarding header is believed, and which
  std::vector<std::string>
      allowed_hosts;  // ALLOWED_HOSTS: "example.org", ".example.org", "*"; empty: any
  StaffPages staff_pages = StaffPages::superusers;  // STAFF_PAGES
  bool secure = false;  // the site is reached by HTTPS, whatever the connection says
  int workers = 4;      // threads that run the handler: half of them check passwords at a time
};

// Everything that is passed outlives the handler. The handler is thread-safe and may wait
// (database, passwords): run it on workers. Throws Error where a template of the build is broken.
http::Handler make_site(SiteOptions options, engine::Engine& engine, engine::Accounts& accounts,
                        const device::DeviceReader& devices,
                        const location::LocationReader& locations, const Clock& clock,
                        Random& random, Log& log);

// The middleware chain as make_site builds it, outermost first: for `innkeeper serve --show-chain`.
struct ChainLink {
  std::string name, reason;
};
std::vector<ChainLink> site_chain();

}  // namespace innkeeper::web
