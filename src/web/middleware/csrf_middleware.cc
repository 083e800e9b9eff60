#include "web/middleware/csrf_middleware.h"

#include "base/base64.h"
#include "base/same_name.h"
#include "http/cookie.h"
#include "http/url.h"
#include "web/page.h"
#include "web/request_state.h"

namespace innkeeper::web {
namespace {

constexpr std::size_t nonce_length = 32;
constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

std::string signature(const HmacSha256& signer, std::string_view purpose, std::string_view text) {
  return base64_encode(as_text(signer.sign(purpose, text)), Base64::url);
}

bool is_safe(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string session_id(const http::Context& context) {
  const auto& key = context.get<SessionInHand>()->get().key();
  return key ? key->id().text() : "";
}

// A form for the end of a session, where there is none: sent twice, or from a page whose session
// was ended elsewhere. Forged or not, nothing is left that it could do.
bool ends_nothing(const http::Request& request, const http::Context& context) {
  const bool ends = request.path == paths::sign_out || request.path == paths::admin_end ||
                    request.path.starts_with(paths::my_sessions);
  return ends && !context.get<SessionInHand>()->get().exists();
}

// RFC 6454: the part of a Referer that an Origin would have said.
std::string_view origin_part(std::string_view url) {
  const std::size_t host = url.find("://");
  return host == url.npos ? url : url.substr(0, url.find('/', host + 3));
}

}  // namespace

bool is_same_origin(std::string_view origin, std::string_view host, bool secure) {
  origin = origin_part(origin);
  const bool https = origin.starts_with("https://");
  if (!https && (secure || !origin.starts_with("http://"))) return false;
  origin.remove_prefix(https ? 8 : 7);
  // Browsers leave out a scheme's own port in both, proxies may put it into Host.
  const std::string_view own_port = https ? ":443" : ":80";
  if (host.ends_with(own_port)) host.remove_suffix(own_port.size());
  if (origin.ends_with(own_port)) origin.remove_suffix(own_port.size());
  return !host.empty() && same_name(origin, host);
}

CsrfSigner::CsrfSigner(const Secret& secret_key)
    : m_signer(as_text(sha256("innkeeper.web.csrf" + std::string(secret_key.reveal())))) {}

std::string CsrfSigner::issue_cookie(Random& random) const {
  const std::string nonce = random_text(random, nonce_length, alphabet);
  return nonce + '.' + signature(m_signer, "cookie:", nonce);
}

std::optional<std::string> CsrfSigner::nonce_in(std::string_view cookie) const {
  if (cookie.size() <= nonce_length || cookie[nonce_length] != '.') return std::nullopt;
  const std::string_view nonce = cookie.substr(0, nonce_length);
  const std::string expected = signature(m_signer, "cookie:", nonce);
  if (!equal_in_constant_time(cookie.substr(nonce_length + 1), expected)) return std::nullopt;
  return std::string(nonce);
}

std::string CsrfSigner::token(std::string_view nonce, std::string_view session) const {
  return signature(m_signer, "form:", std::string(nonce) + ':' + std::string(session));
}

CsrfMiddleware::CsrfMiddleware(const Services& services)
    : m_services(services), m_signer(services.engine.settings().keys.secret_key) {}

std::string CsrfMiddleware::cookie_header(const std::string& value, bool secure) const {
  http::SetCookie cookie;
  cookie.name = m_services.options.csrf_cookie;
  cookie.value = value;
  cookie.secure = secure || m_services.options.cookie.secure;
  return http::format_set_cookie(cookie, m_services.clock.now());
}

std::optional<CsrfMiddleware::Refusal> CsrfMiddleware::refusal(
    const http::Request& request, const http::Context& context,
    const std::optional<std::string>& nonce) const {
  const bool secure = context.get<ClientInfo>()->secure;
  auto origin = request.header("Origin");
  if (!origin) origin = request.header("Referer");
  if (!origin && secure) return Refusal{"neither Origin nor Referer", Refusal::foreign};
  if (origin && !is_same_origin(*origin, request.header("Host").value_or(""), secure)) {
    return Refusal{"a form of another site", Refusal::foreign};
  }
  if (!nonce) return Refusal{"no csrf cookie of this site", Refusal::stale};
  if (ends_nothing(request, context)) return std::nullopt;
  if (is_shown_here(request, context, *nonce)) return std::nullopt;
  return Refusal{"no token, or another session's", Refusal::stale};
}

bool CsrfMiddleware::is_shown_here(const http::Request& request, const http::Context& context,
                                   const std::string& nonce) const {
  const std::string given = request.form_value(csrf_field).value_or("");
  if (equal_in_constant_time(given, m_signer.token(nonce, session_id(context)))) return true;
  if (request.path != paths::sign_in || context.get<SessionInHand>()->get().exists()) return false;
  const auto over =
      session::SessionKey::parse(request.cookie(m_services.options.cookie.name).value_or(""));
  return over && equal_in_constant_time(given, m_signer.token(nonce, over->id().text()));
}

// Nothing that would sign anybody in goes on to a handler.
std::optional<http::Request> CsrfMiddleware::question_instead(const http::Request& form,
                                                              const Refusal& refused) {
  if (refused.kind != Refusal::stale || form.method != "POST" || form.path != paths::sign_in)
    return std::nullopt;
  http::Request question = form;
  question.method = "GET";
  question.query = http::format_form({{"next", form.form_value("next").value_or("")}});
  question.body.clear();
  return question;
}

void CsrfMiddleware::note(const http::Request& request, const Refusal& refused) const {
  m_services.log.write(
      LogLevel::warning, security_log,
      request.method + ' ' + http::path_for_log(request.path) + " refused: " + refused.why);
}

http::Response CsrfMiddleware::handle(const http::Request& request, http::Context& context,
                                      const http::Handler& next) const {
  const auto cookie = request.cookie(m_services.options.csrf_cookie);
  std::optional<std::string> nonce = cookie ? m_signer.nonce_in(*cookie) : std::nullopt;
  const auto refused = is_safe(request.method) ? std::nullopt : refusal(request, context, nonce);
  if (refused) note(request, *refused);
  std::optional<http::Request> question;
  if (refused) question = question_instead(request, *refused);
  if (refused && !question) {
    throw PageError{403, "This form has expired",
                    "For your safety nothing was done. Go back, reload the page and try again."};
  }
  std::string issued;
  // Refers to what stands here: only handlers behind this one ask for a token.
  context.put(std::make_shared<CsrfToken>([&] {
    if (!nonce) {
      issued = m_signer.issue_cookie(m_services.random);
      nonce = m_signer.nonce_in(issued);
    }
    return m_signer.token(*nonce, session_id(context));
  }));
  if (question) {
    context.put(std::make_shared<StaleForm>(request.form_value("username").value_or("")));
  }
  http::Response response = next(question ? *question : request, context);
  if (!issued.empty()) {
    const bool secure = context.get<ClientInfo>()->secure;
    response.add_header("Set-Cookie", cookie_header(issued, secure));
  }
  return response;
}

}  // namespace innkeeper::web
