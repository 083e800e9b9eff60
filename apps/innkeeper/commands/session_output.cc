#include "commands/session_output.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "device/device.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "location/location.h"
#include "output/json_writer.h"
#include "output/terminal.h"
#include "store/value.h"

namespace innkeeper::app {
namespace {

using Names = std::map<std::string, std::string>;

Names names_of(const std::vector<store::SessionSummary>& sessions, House& house) {
  std::vector<std::string> ids;
  for (const store::SessionSummary& session : sessions) {
    if (session.user_id) ids.push_back(*session.user_id);
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  Names names;
  for (const user::User& user : house.accounts().find_all(ids)) names[user.id] = user.username;
  return names;
}

std::optional<std::string> name_of(const store::SessionSummary& session, const Names& names) {
  const auto found = session.user_id ? names.find(*session.user_id) : names.end();
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> place_of(const store::SessionSummary& session, House& house) {
  const auto place = session.client.ip ? house.locations().find(*session.client.ip) : std::nullopt;
  return place ? std::optional(place->text()) : std::nullopt;
}

std::string address_of(const store::SessionSummary& session) {
  return session.client.ip ? session.client.ip->to_string() : "";
}

}  // namespace

std::string sessions_table(const std::vector<store::SessionSummary>& sessions, House& house) {
  const Names names = names_of(sessions, house);
  std::vector<std::vector<std::string>> rows;
  for (const store::SessionSummary& session : sessions) {
    const auto device =
        house.devices().read(session.client.user_agent, session.client.client_hints);
    const std::string nobody = session.user_id ? "user " + *session.user_id : "(visitor)";
    rows.push_back({session.id.text(), name_of(session, names).value_or(nobody), device->sentence(),
                    address_of(session), place_of(session, house).value_or(""),
                    short_time(session.last_activity),
                    house.engine().is_active(session) ? "active" : "expired"});
  }
  return table({"ID", "USER", "DEVICE", "ADDRESS", "PLACE", "LAST ACTIVE", "STATE"}, rows);
}

std::vector<std::string> sessions_json(const std::vector<store::SessionSummary>& sessions,
                                       House& house) {
  const Names names = names_of(sessions, house);
  std::vector<std::string> objects;
  for (const store::SessionSummary& session : sessions) {
    const auto device =
        house.devices().read(session.client.user_agent, session.client.client_hints);
    JsonObject object;
    object.add("id", session.id.text())
        .add("user_id", session.user_id)
        .add("username", name_of(session, names));
    object.raw("ip", session.client.ip ? json(address_of(session)) : "null");
    object.add("location", place_of(session, house)).add("user_agent", session.client.user_agent);
    object.add("device", device->text()).add("device_sentence", device->sentence());
    object.add("created_at", session.created_at).add("updated_at", session.updated_at);
    object.add("last_activity", session.last_activity).add("expire_date", session.expire_date);
    object.add("ends_at", house.engine().ends_at(session))
        .add("active", house.engine().is_active(session));
    objects.push_back(object.text());
  }
  return objects;
}

std::string ended_json(const store::EndedRecord& ended) {
  JsonObject object;
  object.add("id", ended.session_key.text())
      .add("user_id", ended.user_id)
      .add("ended_at", ended.ended_at);
  return object.add("reason", store::to_string(ended.reason)).add("actor", ended.actor).text();
}

std::string short_time(Time time) { return store::sqlite_time(time).substr(0, 19) + "Z"; }

std::string cursor_text(const store::SessionCursor& cursor) {
  return std::to_string(cursor.position.time_since_epoch().count()) + "." + cursor.id.text();
}

std::optional<store::SessionCursor> parse_cursor(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return std::nullopt;
  Duration::rep position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + point, position);
  const auto id = session::SessionId::parse(text.substr(point + 1));
  if (error != std::errc() || end != text.data() + point || !id) return std::nullopt;
  return store::SessionCursor{Time(Duration(position)), *id};
}

}  // namespace innkeeper::app
