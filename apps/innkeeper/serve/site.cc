#include "serve/site.h"

#include "base/error.h"
#include "config/options.h"
#include "web/site.h"

namespace innkeeper::app {
namespace {

web::SessionCookieOptions cookie_options(const Config& config) {
  web::SessionCookieOptions cookie;
  cookie.name = config.text("SESSION_COOKIE_NAME");
  cookie.domain = config.text("SESSION_COOKIE_DOMAIN");
  cookie.path = config.text("SESSION_COOKIE_PATH");
  cookie.secure = config.flag("SESSION_COOKIE_SECURE");
  cookie.http_only = config.flag("SESSION_COOKIE_HTTPONLY");
  cookie.same_site = config.text("SESSION_COOKIE_SAMESITE");
  if (cookie.same_site == "false") cookie.same_site.clear();
  if (cookie.same_site == "None" && !cookie.secure) {
    throw ConfigError(config.origin("SESSION_COOKIE_SAMESITE").where +
                      ": SESSION_COOKIE_SAMESITE = None needs SESSION_COOKIE_SECURE: browsers drop "
                      "the cookie otherwise");
  }
  return cookie;
}

web::SiteOptions site_options(const Config& config) {
  web::SiteOptions options;
  options.title = config.text("SITE_TITLE");
  options.cookie = cookie_options(config);
  options.save_every_request = config.flag("SESSION_SAVE_EVERY_REQUEST");
  options.csrf_cookie = config.text("CSRF_COOKIE_NAME");
  options.trusted_proxies = trusted_proxies(config);
  options.allowed_hosts = config.list("ALLOWED_HOSTS");
  options.secure = config.flag("HTTPS");
  return options;
}

// The pages write into payloads: whose session it is.
void require_json(House& house) {
  if (house.engine().settings().serializer == engine::Serializer::json) return;
  throw ConfigError(house.config().origin("SESSION_SERIALIZER").where +
                    ": SESSION_SERIALIZER is not Django's JSONSerializer: `innkeeper serve` could "
                    "sign nobody in, since it cannot write such payloads. The other commands can "
                    "do without");
}

}  // namespace

http::Handler site_handler(House& house) {
  require_json(house);
  return web::make_site(site_options(house.config()), house.engine(), house.accounts(),
                        house.devices(), house.locations(), house.clock(), house.random(),
                        house.log());
}

std::string site_chain() {
  std::string text;
  int place = 0;
  for (const web::ChainLink& link : web::site_chain()) {
    text += std::to_string(++place) + ". " + link.name + ": " + link.reason + "\n";
  }
  return text;
}

}  // namespace innkeeper::app
