#include <algorithm>

#include "http/url.h"
#include "web/admin/admin.h"
#include "web/admin/list_query.h"
#include "web/session_view.h"

namespace innkeeper::web {
namespace {

// A confirmation lists at most this many; the number beside it is exact up to count_limit.
constexpr int listed = 100;
constexpr std::int64_t count_limit = 10'000;

using Ids = std::vector<session::SessionId>;

Ids parse_ids(const std::vector<std::string>& texts) {
  Ids ids;
  for (const std::string& text : texts) {
    const auto id = session::SessionId::parse(text);
    if (id && ids.size() < listed) ids.push_back(*id);
  }
  return ids;
}

Ids ids_in_query(const http::Request& request) {
  std::vector<std::string> texts;
  for (auto& [name, value] : http::parse_form(request.query)) {
    if (name == "id") texts.push_back(std::move(value));
  }
  return parse_ids(texts);
}

std::vector<store::SessionSummary> find(const Services& services, const Ids& ids) {
  std::vector<store::SessionSummary> sessions;
  for (const auto& id : ids) {
    store::SessionFilter filter;
    filter.only = id;
    for (auto& session : services.engine.list(filter, {}).sessions) {
      sessions.push_back(std::move(session));
    }
  }
  return sessions;
}

std::vector<View> views_of(const Services& services,
                           const std::vector<store::SessionSummary>& sessions,
                           const std::string& own) {
  std::vector<std::string> users;
  for (const auto& session : sessions) {
    if (session.user_id) users.push_back(*session.user_id);
  }
  const auto names = user_names(services, std::move(users));
  std::vector<View> views;
  for (const auto& session : sessions) {
    View view = session_view(services, session, own);
    const auto name = session.user_id ? names.find(*session.user_id) : names.end();
    view.text("user", name != names.end() ? name->second
                      : session.user_id   ? "user " + *session.user_id
                                          : "Visitor");
    views.push_back(std::move(view));
  }
  return views;
}

// Names what will end. `count` may be more than is listed.
http::Response ask(const Services& services, http::Context& context,
                   const std::vector<store::SessionSummary>& sessions, std::int64_t count,
                   View view) {
  if (count == 0) {
    throw PageError{404, "Nothing to end", "These sessions have ended already."};
  }
  const std::string own = own_session_id(context);
  const bool ends_own = std::any_of(sessions.begin(), sessions.end(),
                                    [&](const auto& session) { return session.id.text() == own; });
  const auto beyond = count - static_cast<std::int64_t>(sessions.size());
  view.list("sessions", views_of(services, sessions, own))
      .text("count", std::to_string(count) + (count >= count_limit ? " or more" : ""))
      .flag("one", count == 1)
      .flag("ends_own", ends_own)
      .maybe("beyond", beyond > 0 ? std::to_string(beyond) : "");
  const char* title = count == 1 ? "End this session?" : "End these sessions?";
  return page(services, context, "end_sessions", title, "sessions", std::move(view));
}

http::Response none_chosen() {
  return http::Response::redirect(std::string(paths::admin_sessions) + "?chosen=0");
}

store::SessionFilter of_user(const std::string& user) {
  store::SessionFilter filter;
  filter.user_id = user;
  return filter;
}

http::Response ask_user(const Services& services, http::Context& context, const std::string& id) {
  const auto sessions = services.engine.list(of_user(id), {.size = listed}).sessions;
  const auto user = services.accounts.find(id);
  View view;
  view.flag("whole_user", true)
      .text("user_id", id)
      .text("user", user ? user->username : "user " + id)
      .text("cancel_url", ListQuery{}.with_user(id).url());
  return ask(services, context, sessions, services.engine.count(of_user(id), count_limit),
             std::move(view));
}

http::Response show(const Services& services, const http::Request& request,
                    http::Context& context) {
  const std::string user = request.query_value("user").value_or("");
  if (!user.empty()) return ask_user(services, context, user);
  const Ids ids = ids_in_query(request);
  if (ids.empty()) return none_chosen();
  const auto sessions = find(services, ids);
  View view;
  view.text("cancel_url", paths::admin_sessions);
  return ask(services, context, sessions, static_cast<std::int64_t>(sessions.size()),
             std::move(view));
}

http::Response end(const Services& services, const http::Request& request, http::Context& context) {
  engine::RevokeOptions options;
  options.actor = actor_of(*current_user(context));
  std::int64_t ended = 0;
  const std::string user = request.form_value("user").value_or("");
  if (!user.empty()) {
    ended = services.engine.revoke_all(of_user(user), options);
  } else {
    const Ids ids = parse_ids(request.form_values("id"));
    if (ids.empty()) return none_chosen();
    for (const auto& id : ids) {
      ended += services.engine.revoke(id, options) ? 1 : 0;
    }
  }
  services.log.write(LogLevel::info, general_log,
                     options.actor + " ended " + std::to_string(ended) + " sessions");
  return http::Response::redirect(paths::admin_sessions + ("?ended=" + std::to_string(ended)));
}

}  // namespace

void add_end_sessions_routes(const Services& services, http::Router& router) {
  router.add("GET", paths::admin_end, for_staff(services, show));
  router.add("POST", paths::admin_end, for_staff(services, end));
}

}  // namespace innkeeper::web
