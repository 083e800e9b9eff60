#include "web/auth/sign_in.h"

#include "base/error.h"
#include "base/trim.h"
#include "web/middleware/csrf_middleware.h"
#include "web/next_path.h"
#include "web/page.h"

namespace innkeeper::web {
namespace {

// Longer texts are no names or passwords of anybody, and hashing them costs.
constexpr std::size_t input_limit = 4096;
constexpr std::size_t shown_name_limit = 150;

enum class Why { asked, refused, stale };  // the form is shown

http::Response form(const Services& services, http::Context& context, const std::string& next,
                    const std::string& username, Why why) {
  View view;
  view.text("next", next).text("given_username", username).flag("keep_name", !username.empty());
  view.flag("refused", why == Why::refused).flag("stale", why == Why::stale);
  return page(services, context, "sign_in", "Sign in", "", std::move(view),
              why == Why::asked ? 200 : 422);
}

http::Response show(const Services& services, const http::Request& request,
                    http::Context& context) {
  const std::string next = local_path(request.query_value("next").value_or(""), paths::my_sessions);
  if (current_user(context) != nullptr) return http::Response::redirect(next);
  const StaleForm* stale = context.get<StaleForm>();
  if (stale == nullptr) return form(services, context, next, "", Why::asked);
  return form(services, context, next, stale->username.substr(0, shown_name_limit), Why::stale);
}

std::optional<user::User> check(const Services& services, const std::string& username,
                                const std::string& password) {
  if (username.size() > input_limit || password.size() > input_limit) return std::nullopt;
  return services.accounts.authenticate(username, Secret(password));
}

http::Response full(const Services& services) {
  http::Response response =
      error_page(services, {503, "Many people sign in at this moment",
                            "Nothing was done. Please try again in a few seconds."});
  response.set_header("Retry-After", "5");
  return response;
}

// What a visitor's session held went on in the session that this form made before: the browser's
// cookie opens neither, and the earlier one will be ended.
void take_over(const Services& services, const RecentSignIns::Form& form,
               engine::Session& session) {
  if (session.exists()) return;
  const auto id = services.recent_sign_ins->earlier(form);
  const auto before = id ? services.engine.peek(*id) : std::nullopt;
  if (!before) return;
  for (const auto& [name, value] : before->fields()) {
    if (!name.starts_with("_auth_user_")) session.set(name, value);
  }
}

// Ends what another sign-in by the same form superseded; the browser never had, or will not keep,
// its cookie. Where it can't be ended it stays, and the sign-in is none the worse.
void end_superseded(const Services& services, const RecentSignIns::Form& form,
                    engine::Session& session) {
  if (!session.key()) return;
  const auto superseded = services.recent_sign_ins->note(form, session.key()->id());
  if (!superseded) return;
  if (*superseded == session.key()->id()) return services.accounts.sign_out(session);
  try {
    services.engine.revoke(*superseded,
                           {.actor = "user " + form.user, .reason = store::Reason::signed_out});
  } catch (const StoreError& error) {
    services.log.write(LogLevel::warning, general_log,
                       std::string("a sign-in form was sent twice, and the session of the first "
                                   "was not ended: ") +
                           error.what());
  }
}

http::Response sign_in(const Services& services, const http::Request& request,
                       http::Context& context) {
  const std::string next = local_path(request.form_value("next").value_or(""), paths::my_sessions);
  // As Django's form: the blank that a phone's keyboard adds belongs to no name.
  const std::string given = request.form_value("username").value_or("");
  const std::string username(trimmed(given, white_space));
  const std::uint64_t arrival = services.recent_sign_ins->arrive();
  auto pass = services.password_gate->enter();
  if (!pass) return full(services);
  const auto user = check(services, username, request.form_value("password").value_or(""));
  pass.reset();
  const session::Client& client = context.get<ClientInfo>()->client;
  if (!user) {
    // Without the name: people type passwords into that field.
    services.log.write(LogLevel::warning, security_log,
                       "sign-in refused for " + (client.ip ? client.ip->to_string() : "?"));
    return form(services, context, next, username.substr(0, shown_name_limit), Why::refused);
  }
  const RecentSignIns::Form form{request.form_value(csrf_field).value_or(""), user->id, arrival};
  engine::Session& session = context.get<SessionInHand>()->get();
  take_over(services, form, session);
  services.accounts.sign_in(session, *user, client);
  end_superseded(services, form, session);
  return http::Response::redirect(next);
}

http::Response sign_out(const Services& services, const http::Request&, http::Context& context) {
  services.accounts.sign_out(context.get<SessionInHand>()->get());
  return http::Response::redirect(paths::sign_in);
}

}  // namespace

void add_sign_in_routes(const Services& services, http::Router& router) {
  const auto bind = [&services](auto function) {
    return [&services, function](const http::Request& request, http::Context& context) {
      return function(services, request, context);
    };
  };
  router.add("GET", paths::sign_in, bind(show));
  router.add("POST", paths::sign_in, bind(sign_in));
  router.add("POST", paths::sign_out, bind(sign_out));
}

}  // namespace innkeeper::web
