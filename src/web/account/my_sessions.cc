#include "web/account/my_sessions.h"

#include "web/page.h"
#include "web/session_view.h"

namespace innkeeper::web {
namespace {

// A page lists at most this many beside the browser's own; the number beside them is exact up to
// count_limit.
constexpr int listed_others = 200;
constexpr std::int64_t count_limit = 10'000;

using Sessions = std::vector<store::SessionSummary>;

store::SessionFilter own_filter(http::Context& context) {
  store::SessionFilter filter;
  filter.user_id = current_user(context)->id;
  filter.validity = store::SessionFilter::Validity::active;
  return filter;
}

// Those that "everywhere else" means: what is listed, counted and ended.
store::SessionFilter others_filter(http::Context& context) {
  store::SessionFilter filter = own_filter(context);
  if (const auto own = session::SessionId::parse(own_session_id(context))) {
    filter.except.push_back(*own);
  }
  return filter;
}

// The user's live session of that id; none where it is somebody else's.
Sessions find_own(const Services& services, http::Context& context, std::string_view id) {
  store::SessionFilter filter = own_filter(context);
  filter.only = session::SessionId::parse(id);
  return filter.only ? services.engine.list(filter, {}).sessions : Sessions{};
}

struct Others {
  Sessions listed;         // by last activity
  std::int64_t count = 0;  // with those beyond the list
};

Others find_others(const Services& services, http::Context& context) {
  const store::SessionFilter filter = others_filter(context);
  engine::Page page;
  page.size = listed_others;
  store::SessionPage found = services.engine.list(filter, page);
  const std::int64_t count =
      found.next ? services.engine.count(filter, count_limit) : std::ssize(found.sessions);
  return {std::move(found.sessions), count};
}

void add_number(const Others& others, View& view) {
  const std::int64_t beyond = others.count - std::ssize(others.listed);
  view.text("others",
            std::to_string(others.count) + (others.count >= count_limit ? " or more" : ""))
      .flag("has_others", others.count > 0)
      .flag("one", others.count == 1)
      .maybe("beyond", beyond > 0 ? std::to_string(beyond) : "");
}

std::vector<View> views_of(const Services& services, const Sessions& sessions,
                           const std::string& own) {
  std::vector<View> views;
  for (const auto& session : sessions) views.push_back(session_view(services, session, own));
  return views;
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
  Sessions sessions = find_own(services, context, own);
  const Others others = find_others(services, context);
  sessions.insert(sessions.end(), others.listed.begin(), others.listed.end());
  View view;
  add_notice(request, view);
  add_number(others, view);
  view.list("sessions", views_of(services, sessions, own));
  return page(services, context, "my_sessions", "Where you are signed in", "account",
              std::move(view));
}

// The user's own session that the path names. Throws PageError (404).
store::SessionSummary named_session(const Services& services, http::Context& context) {
  const Sessions found = find_own(services, context, context.path_values["id"]);
  if (!found.empty()) return found.front();
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
  const Others others = find_others(services, context);
  if (others.count == 0) return http::Response::redirect(paths::my_sessions);
  View view;
  add_number(others, view);
  view.list("sessions", views_of(services, others.listed, own_session_id(context)));
  return page(services, context, "end_my_others", "Sign out everywhere else?", "account",
              std::move(view));
}

http::Response end_others(const Services& services, const http::Request&, http::Context& context) {
  const auto ended = services.engine.revoke_all(others_filter(context), by(context));
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
