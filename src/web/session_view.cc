#include "web/session_view.h"

#include <algorithm>

#include "web/time_text.h"

namespace innkeeper::web {
namespace {

// Activity is written at most once per activity_interval, so a session in use may look this old.
constexpr Seconds still_there{120};

}  // namespace

void add_client(const Services& services, const session::Client& client, View& view) {
  const auto device = services.devices.read(client.user_agent, client.client_hints);
  view.text("device", device->sentence()).flag("is_" + std::string(to_string(device->kind)), true);
  std::string place;
  if (client.ip) {
    if (const auto found = services.locations.find(*client.ip)) place = found->text();
  }
  view.maybe("place", place).maybe("address", client.ip ? client.ip->to_string() : "");
}

View session_view(const Services& services, const store::SessionSummary& session,
                  const std::string& own) {
  const Time now = services.clock.now();
  const bool active = services.engine.is_active(session);
  View view;
  add_client(services, session.client, view);
  view.text("id", session.id.text())
      .flag("this_session", session.id.text() == own)
      .flag("active", active)
      .flag("active_now", active && now - session.last_activity < still_there)
      .object("started", time_view(session.created_at, now))
      .object("last_active", time_view(session.last_activity, now))
      .object("expires", time_view(services.engine.ends_at(session), now));
  return view;
}

std::map<std::string, std::string> user_names(const Services& services,
                                              std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::map<std::string, std::string> names;
  if (ids.empty()) return names;
  for (user::User& user : services.accounts.find_all(ids)) {
    names.emplace(std::move(user.id), std::move(user.username));
  }
  return names;
}

std::string own_session_id(http::Context& context) {
  const auto& key = context.get<SessionInHand>()->get().key();
  return key ? key->id().text() : "";
}

std::string actor_of(const user::User& user) { return "user " + user.id; }

}  // namespace innkeeper::web
