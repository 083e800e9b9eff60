// Forms are taken only from our own pages, shown to this very session.
//
// A browser holds a nonce in a cookie of its own that the server signed; a form carries a token
// made of that nonce, the session's id and the site's key. So a token is good for one browser and
// one session (a visitor's token dies at sign-in, when the key is rotated), another subdomain
// cannot invent a pair, and none can be made for a session from outside. Beside that, Origin (or
// Referer, where there is no Origin) must name this host. Nothing is stored: a visitor who looks at
// the sign-in page makes no row.
//
// A sign-in form may also be of the visitor's session that the cookie names, though that is over:
// sent twice, its first sending gave the session a fresh key. It needs the password all the same.
//
// Signing out and ending sessions need no token where the session does not exist any more: who
// clicks twice, or in a tab that was signed out elsewhere, is led to the sign-in page. A sign-in
// form that has become too old is shown again, with a fresh token; what it said is not looked at.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

inline constexpr std::string_view csrf_field = "csrf_token";

// Whether `origin` ("https://example.org:8443", or a whole Referer) is this site: its host and port
// are those of the Host header, and it is no plain http where the client speaks TLS.
bool is_same_origin(std::string_view origin, std::string_view host, bool secure);

// Makes and checks the nonces and tokens. Immutable; thread-safe.
class CsrfSigner {
 public:
  explicit CsrfSigner(const Secret& secret_key);
  std::string issue_cookie(Random& random) const;
  // The nonce of a cookie that this site made, or nothing.
  std::optional<std::string> nonce_in(std::string_view cookie) const;
  std::string token(std::string_view nonce, std::string_view session_id) const;

 private:
  HmacSha256 m_signer;
};

class CsrfMiddleware final : public http::Middleware {
 public:
  explicit CsrfMiddleware(const Services& services);
  std::string_view name() const override { return "csrf"; }
  // A form that is not ours costs a line in the security log, and throws PageError (403). In the
  // place of a sign-in form that may be ours but is of another session, its page is asked for, with
  // a StaleForm in the context.
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  struct Refusal {
    const char* why;
    enum Kind { foreign, stale } kind;  // another site's; of another session, perhaps our own
  };
  // Nothing where the request may pass.
  std::optional<Refusal> refusal(const http::Request& request, const http::Context& context,
                                 const std::optional<std::string>& nonce) const;
  // What is asked in the place of a form that is refused: the page of the sign-in form.
  static std::optional<http::Request> question_instead(const http::Request& form,
                                                       const Refusal& refused);
  void note(const http::Request& request, const Refusal& refused) const;
  // Whether the form was shown to this browser, in this session.
  bool is_shown_here(const http::Request& request, const http::Context& context,
                     const std::string& nonce) const;
  std::string cookie_header(const std::string& value, bool secure) const;

  const Services& m_services;
  CsrfSigner m_signer;
};

}  // namespace innkeeper::web
