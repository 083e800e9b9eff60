#include "web/account/my_sessions.h"

#include <algorithm>

#include "web/page.h"
#include "web/session_view.h"

namespace innkeeper::web {
namespace {

using Sessions = std::vector<store::SessionSummary>;

store::SessionFilter own_filter(http::Context& context) {
  store::SessionFilter filter;
  filter.user_id = current_user(context)->id;
  filter.validity = store::SessionFilter::Validity::active;
  return filter;
}

// The user's live sessions, this one first, then by last activity.
Sessions own_sessions(const Services& services, http::Context& context) {
  engine::Page page;
  page.size = own_sessions_limit;
  Sessions sessions = services.engine.list(own_filter(context), page).sessions;
  const std::string own = own_session_id(context);
  std::stable_partition(sessions.begin(), sessions.end(),
                        [&](const auto& session) { return session.id.text() == own; });
  return sessions;
}

std::vector<View> views_of(const Services& services, const Sessions& sessions,
                           const std::string& own) {
  std::vector<View> views;
  for (const auto& session : sessions) views.push_back(session_view(services, session, own));
  return views;
}

Sessions without(Sessions sessions, const std::string& own) {
  std::erase_if(sessions, [&](const auto& session) { return session.id.text() == own; });
  return sessions;
}

// How many were just ended, as the redirect after it says; only ever shown as a number.
void add_notice(const http::Request& request, View& view) {
  const std::string ended = request.query_value("ended").value_or("");
  const bool number = !ended.empty() && ended.size() < 7 &&
                      ended.find_first_not_of("0123456789") == std::string::npos;
  view.flag("notice", number).text("ended", number ? ended : "").flag("ended_one", ended == "1");
}

http::Response list(const Services& services, const http::Request& request,
                    http::Context& context) {
  const std::string own = own_session_id(context);
  const Sessions sessions = own_sessions(services, context);
  const std::size_t others = without(sessions, own).size();
  View view;
  add_notice(request, view);
  view.list("sessions", views_of(services, sessions, own))
      .flag("has_others", others > 0)
      .text("others", std::to_string(others));
  return page(services, context, "my_sessions", "Where you are signed in", "account",
              std::move(view));
}

// The user's own session that the path names. Throws PageError (404).
store::SessionSummary named_session(const Services& services, http::Context& context) {
  const auto id = session::SessionId::parse(context.path_values["id"]);
  if (id) {
    store::SessionFilter filter = own_filter(context);
    filter.only = *id;
    const Sessions found = services.engine.list(filter, {}).sessions;
    if (!found.empty()) return found.front();
  }
  throw PageError{404, "No such session", "It is not one of your sessions, or it has ended."};
}

engine::RevokeOptions by(http::Context& context) {
  engine::RevokeOptions options;
  options.actor = actor_of(*current_user(context));
  return options;
}

http::Response ask_end(const Services& services, const http::Request&, http::Context& context) {
  View view = session_view(services, named_session(services, context), own_session_id(context));
  return page(services, context, "end_my_session", "Sign out this device?", "account",
              std::move(view));
}

http::Response end(const Services& services, const http::Request&, http::Context& context) {
  const store::SessionSummary session = named_session(services, context);
  if (session.id.text() == own_session_id(context)) {
    services.accounts.sign_out(context.get<SessionInHand>()->get());
    return http::Response::redirect(paths::sign_in);
  }
  const bool ended = services.engine.revoke(session.id, by(context));
  return http::Response::redirect(paths::my_sessions + std::string(ended ? "?ended=1" : ""));
}

http::Response ask_end_others(const Services& services, const http::Request&,
                              http::Context& context) {
  const std::string own = own_session_id(context);
  const Sessions others = without(own_sessions(services, context), own);
  if (others.empty()) return http::Response::redirect(paths::my_sessions);
  View view;
  view.list("sessions", views_of(services, others, own))
      .text("others", std::to_string(others.size()))
      .flag("one", others.size() == 1);
  return page(services, context, "end_my_others", "Sign out everywhere else?", "account",
              std::move(view));
}

http::Response end_others(const Services& services, const http::Request&, http::Context& context) {
  store::SessionFilter filter = own_filter(context);
  if (const auto own = session::SessionId::parse(own_session_id(context))) {
    filter.except.push_back(*own);
  }
  const auto ended = services.engine.revoke_all(filter, by(context));
  return http::Response::redirect(paths::my_sessions + ("?ended=" + std::to_string(ended)));
}

}  // namespace

void add_account_routes(const Services& services, http::Router& router) {
  const auto own = [&services](auto function) {
    return only_for(Audience::signed_in,
                    [&services, function](const http::Request& request, http::Context& context) {
                      return function(services, request, context);
                    });
  };
  router.add("GET", paths::my_sessions, own(list));
  router.add("GET", paths::end_my_others, own(ask_end_others));
  router.add("POST", paths::end_my_others, own(end_others));
  router.add("GET", "/account/sessions/{id}/end/", own(ask_end));
  router.add("POST", "/account/sessions/{id}/end/", own(end));
}

}  // namespace innkeeper::web
