#include "web/account/my_sessions.h"

#include <algorithm>

#include "web/list_place.h"
#include "web/page.h"
#include "web/session_view.h"

namespace innkeeper::web {
namespace {

// A page of the list has this many beside the browser's own, the question before all others end at
// most listed_others; the number beside them is exact up to count_limit.
constexpr int page_size = 50;
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
  store::SessionPage page;  // by last activity
  std::int64_t count = 0;   // with those of other pages
};

Others find_others(const Services& services, http::Context& context,
                   const store::SessionPlace& page) {
  const store::SessionFilter filter = others_filter(context);
  store::SessionPage found = services.engine.list(filter, page);
  const bool all = !found.next && !found.previous && !page.cursor;
  const std::int64_t count =
      all ? std::ssize(found.sessions) : services.engine.count(filter, count_limit);
  return {std::move(found), count};
}

void add_number(const Others& others, View& view) {
  const std::int64_t beyond = others.count - std::ssize(others.page.sessions);
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

// How many were just ended, as the redirect after it says; only ever shown as a number. Empty where
// it says nothing of the kind.
std::string ended_in(const http::Request& request) {
  std::string ended = request.query_value("ended").value_or("");
  const bool number =
      ended.size() < 7 && ended.find_first_not_of("0123456789") == std::string::npos;
  return number ? ended : "";
}

void add_notice(const std::string& ended, View& view) {
  view.flag("notice", !ended.empty()).text("ended", ended).flag("ended_one", ended == "1");
}

// The list at that place, and what it is to say.
std::string list_url(const ListPlace& place, const std::string& ended = "") {
  http::Parameters parameters;
  if (!ended.empty()) parameters.emplace_back("ended", ended);
  place.add_to(parameters);
  const std::string query = http::format_form(parameters);
  return paths::my_sessions + (query.empty() ? "" : '?' + query);
}

// Where the question before an ending leads back to; the list hands it on with each link.
void add_place(const ListPlace& place, View& view) {
  const std::string url = list_url(place);
  const std::size_t query = std::min(url.find('?'), url.size());
  view.text("list_url", url).text("place_query", url.substr(query));
}

void add_paging(const store::SessionPage& page, View& view) {
  view.maybe("next_url", page.next ? list_url({.after = page.next, .before = {}}) : "")
      .maybe("previous_url", page.previous ? list_url({.after = {}, .before = page.previous}) : "")
      .flag("has_pages", page.next || page.previous);
}

http::Response list(const Services& services, const http::Request& request,
                    http::Context& context) {
  const std::string own = own_session_id(context), ended = ended_in(request);
  const ListPlace place = ListPlace::read(request);
  const Others others = find_others(services, context, place.page(page_size));
  // What stood here has ended, or was used and stands before.
  if (others.page.sessions.empty() && !place.is_start())
    return http::Response::redirect(list_url({}, ended));
  Sessions sessions;
  if (!others.page.previous) sessions = find_own(services, context, own);
  sessions.insert(sessions.end(), others.page.sessions.begin(), others.page.sessions.end());
  View view;
  add_notice(ended, view);
  add_number(others, view);
  add_place(place, view);
  add_paging(others.page, view);
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

http::Response ask_end(const Services& services, const http::Request& request,
                       http::Context& context) {
  View view = session_view(services, named_session(services, context), own_session_id(context));
  add_place(ListPlace::read(request), view);
  return page(services, context, "end_my_session", "Sign out this device?", "account",
              std::move(view));
}

http::Response end(const Services& services, const http::Request& request, http::Context& context) {
  const store::SessionSummary session = named_session(services, context);
  if (session.id.text() == own_session_id(context)) {
    services.accounts.sign_out(context.get<SessionInHand>()->get());
    return http::Response::redirect(paths::sign_in);
  }
  const bool ended = services.engine.revoke(session.id, by(context));
  return http::Response::redirect(list_url(ListPlace::read(request), ended ? "1" : ""));
}

http::Response ask_end_others(const Services& services, const http::Request&,
                              http::Context& context) {
  const Others others = find_others(services, context, {.size = listed_others, .cursor = {}});
  if (others.count == 0) return http::Response::redirect(paths::my_sessions);
  View view;
  add_number(others, view);
  view.list("sessions", views_of(services, others.page.sessions, own_session_id(context)));
  return page(services, context, "end_my_others", "Sign out everywhere else?", "account",
              std::move(view));
}

http::Response end_others(const Services& services, const http::Request&, http::Context& context) {
  const auto ended = services.engine.revoke_all(others_filter(context), by(context));
  return http::Response::redirect(list_url({}, std::to_string(ended)));
}

}  // namespace

void add_account_routes(const Services& services, http::Router& router) {
  const auto own = [&services](auto function) {
    return only_for(services, Audience::signed_in,
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
