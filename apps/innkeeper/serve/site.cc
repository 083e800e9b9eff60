#include "serve/site.h"

#include <cctype>
#include <string>

#include "base/error.h"
#include "config/options.h"
#include "http/cookie.h"

namespace innkeeper::app {
namespace {

void check_name(const Config& config, const char* setting) {
  if (http::is_cookie_name(config.text(setting))) return;
  impossible(config, setting,
             "wants a cookie's name: letters, digits and signs such as - and _, no blanks");
}

void check_attribute(const Config& config, const char* setting) {
  if (http::is_cookie_attribute(config.text(setting))) return;
  impossible(config, setting, "has characters that no cookie may have (blanks, ;)");
}

// Over HTTPS the session's cookie is no worse guarded than that of the forms.
bool is_secure(const Config& config) {
  return config.flag("SESSION_COOKIE_SECURE") || config.flag("HTTPS");
}

// What browsers ask of a name with one of the two prefixes (RFC 6265bis, 4.1.3): they drop the
// cookie otherwise, and nobody could sign in.
void check_prefix(const Config& config, const char* setting, bool has_domain, bool is_everywhere) {
  std::string name = config.text(setting);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool host = name.starts_with("__host-");
  if ((host || name.starts_with("__secure-")) && !is_secure(config))
    impossible(config, setting, "needs HTTPS (or SESSION_COOKIE_SECURE): its prefix says so");
  if (host && has_domain)
    impossible(config, setting, "begins with __Host-: leave SESSION_COOKIE_DOMAIN empty");
  if (host && !is_everywhere)
    impossible(config, setting, "begins with __Host-: leave SESSION_COOKIE_PATH at /");
}

void check_cookies(const Config& config) {
  check_name(config, "SESSION_COOKIE_NAME");
  check_name(config, "CSRF_COOKIE_NAME");
  check_attribute(config, "SESSION_COOKIE_DOMAIN");
  check_attribute(config, "SESSION_COOKIE_PATH");
  const std::string& path = config.text("SESSION_COOKIE_PATH");
  if (!path.starts_with('/'))
    impossible(config, "SESSION_COOKIE_PATH", "wants a path that begins with /");
  check_prefix(config, "SESSION_COOKIE_NAME", !config.text("SESSION_COOKIE_DOMAIN").empty(),
               path == "/");
  check_prefix(config, "CSRF_COOKIE_NAME", false, true);  // has neither
  if (config.text("CSRF_COOKIE_NAME") == config.text("SESSION_COOKIE_NAME"))
    impossible(config, "CSRF_COOKIE_NAME", "is the same as SESSION_COOKIE_NAME: name two cookies");
  if (config.text("SESSION_COOKIE_SAMESITE") == "None" && !is_secure(config)) {
    impossible(config, "SESSION_COOKIE_SAMESITE",
               "= None needs SESSION_COOKIE_SECURE or HTTPS: browsers drop the cookie otherwise");
  }
}

web::SessionCookieOptions cookie_options(const Config& config) {
  web::SessionCookieOptions cookie;
  cookie.name = config.text("SESSION_COOKIE_NAME");
  cookie.domain = config.text("SESSION_COOKIE_DOMAIN");
  cookie.path = config.text("SESSION_COOKIE_PATH");
  cookie.secure = is_secure(config);
  cookie.http_only = config.flag("SESSION_COOKIE_HTTPONLY");
  cookie.same_site = config.text("SESSION_COOKIE_SAMESITE");
  if (cookie.same_site == "false") cookie.same_site.clear();
  return cookie;
}

// The pages write into payloads: whose session it is.
void require_json(House& house) {
  if (house.engine().settings().serializer == engine::Serializer::json) return;
  impossible(house.config(), "SESSION_SERIALIZER",
             "is not Django's JSONSerializer: `innkeeper serve` could sign nobody in, since it "
             "cannot write such payloads. The other commands can do without");
}

}  // namespace

web::SiteOptions site_options(const Config& config) {
  check_cookies(config);
  web::SiteOptions options;
  options.title = config.text("SITE_TITLE");
  options.cookie = cookie_options(config);
  options.save_every_request = config.flag("SESSION_SAVE_EVERY_REQUEST");
  options.csrf_cookie = config.text("CSRF_COOKIE_NAME");
  options.trusted_proxies = trusted_proxies(config);
  options.allowed_hosts = config.list("ALLOWED_HOSTS");
  options.staff_pages =
      config.text("STAFF_PAGES") == "staff" ? web::StaffPages::staff : web::StaffPages::superusers;
  options.secure = config.flag("HTTPS");
  options.workers = static_cast<int>(config.number("WORKERS"));
  return options;
}

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
