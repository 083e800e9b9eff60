#include <array>

#include "engine/json.h"
#include "http/url.h"
#include "web/admin/admin.h"
#include "web/admin/list_query.h"
#include "web/session_view.h"

namespace innkeeper::web {
namespace {

// Members whose values are worth something to whoever reads them over a shoulder.
constexpr std::array<std::string_view, 3> hidden{"_auth_user_hash", "_csrftoken",
                                                 "_password_reset_token"};

Fields shown_fields(const engine::Session& session) {
  Fields fields = session.fields();
  for (Field& field : fields) {
    for (const std::string_view name : hidden) {
      if (field.name == name) field.value = "\"(hidden)\"";
    }
  }
  return fields;
}

void add_data(const Services& services, const session::SessionId& id, View& view) {
  const auto session = services.engine.peek(id);
  const bool readable = session && !session->fields().empty();
  view.flag("has_data", readable).flag("over", !session.has_value());
  if (readable) view.text("data", engine::readable_json(shown_fields(*session)));
}

void add_owner(const Services& services, const store::SessionSummary& session, View& view) {
  view.flag("has_user", session.user_id.has_value());
  if (!session.user_id) return;
  const auto user = services.accounts.find(*session.user_id);
  view.text("user", user ? user->username : "user " + *session.user_id)
      .text("user_url", ListQuery{}.with_user(*session.user_id).url())
      .text("end_user_url", paths::admin_end + ("?user=" + http::percent_encode(*session.user_id)));
}

void add_device(const Services& services, const session::Client& client, View& view) {
  view.maybe("user_agent", client.user_agent).maybe("client_hints", client.client_hints);
  if (!client.ip) return;
  const auto place = services.locations.find(*client.ip);
  view.maybe("time_zone", place ? place->time_zone : "");
}

http::Response show(const Services& services, const http::Request&, http::Context& context) {
  store::SessionFilter filter;
  filter.only = session::SessionId::parse(context.path_values["id"]);
  const auto found = filter.only ? services.engine.list(filter, {}).sessions
                                 : std::vector<store::SessionSummary>{};
  if (found.empty()) {
    throw PageError{404, "No such session",
                    "There is no session of this id. If there was one, it has ended: look into the "
                    "history."};
  }
  const store::SessionSummary& session = found.front();
  View view = session_view(services, session, own_session_id(context));
  add_owner(services, session, view);
  add_device(services, session.client, view);
  add_data(services, session.id, view);
  return page(services, context, "session_detail", "Session", "sessions", std::move(view));
}

}  // namespace

void add_session_detail_routes(const Services& services, http::Router& router) {
  router.add("GET", "/admin/sessions/{id}/", for_staff(services, show));
}

}  // namespace innkeeper::web
