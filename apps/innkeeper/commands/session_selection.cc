#include "commands/session_selection.h"

#include <iterator>

#include "base/error.h"
#include "engine/accounts.h"
#include "engine/engine.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

// By name, else by primary key: a name may be a number.
std::optional<std::string> user_id_of(const std::string& text, House& house) {
  if (const auto user = house.accounts().find_by_username(text)) return user->id;
  if (const auto user = house.accounts().find(text)) return user->id;
  return std::nullopt;
}

}  // namespace

void SessionSelection::declare(Arguments& arguments) {
  arguments.optional_text("--user", user, "Sessions of this user: a name, or a primary key");
  arguments.optional_text("--user-id", user_id,
                          "The same by primary key alone, also of a user who is gone");
  arguments.optional_text("--ip", network, "Last used from this address or CIDR block");
  arguments.flag("--active", active, "Those that are alive");
  arguments.flag("--expired", expired, "Those that are over and not yet removed");
  arguments.flag("--visitors", visitors, "Those of nobody who signed in");
  arguments.texts("--all-but", all_but, "None with this id; may be said again");
}

bool SessionSelection::narrows() const { return user || user_id || network || expired || visitors; }

std::optional<store::SessionFilter> SessionSelection::filter(House& house) const {
  if (active && expired) throw ConfigError("--active and --expired exclude each other");
  if (visitors && (user || user_id)) throw ConfigError("--visitors and --user exclude each other");
  if (user && user_id) throw ConfigError("--user and --user-id exclude each other");
  store::SessionFilter filter;
  if (active) filter.validity = store::SessionFilter::Validity::active;
  if (expired) filter.validity = store::SessionFilter::Validity::expired;
  if (visitors) filter.owner = store::SessionFilter::Owner::visitor;
  for (const std::string& id : all_but) filter.except.push_back(session_id(id));
  if (network) {
    filter.network = IpNetwork::parse(*network);
    if (!filter.network)
      throw ConfigError("--ip wants an address or a CIDR block, not \"" + *network + "\"");
  }
  filter.user_id = user_id;
  if (user) {
    filter.user_id = user_id_of(*user, house);
    if (!filter.user_id) return std::nullopt;
  }
  return filter;
}

std::string SessionSelection::describe() const {
  std::string text = visitors ? "visitors' sessions" : "sessions";
  if (user) text += " of " + *user;
  if (user_id) text += " of user " + *user_id;
  if (network) text += " from " + *network;
  if (!all_but.empty()) text += ", all but " + std::to_string(all_but.size());
  return text;
}

store::SessionPage full_page(const store::SessionFilter& filter, store::SessionPlace place,
                             House& house) {
  store::SessionPage page;
  do {
    store::SessionPage more = house.engine().list(filter, place);
    std::move(more.sessions.begin(), more.sessions.end(), std::back_inserter(page.sessions));
    page.next = more.next;
    page.looked_to = more.looked_to;
    place.size -= static_cast<int>(more.sessions.size());
    place.cursor = more.next;
  } while (page.looked_to && place.size > 0);
  return page;
}

session::SessionId session_id(const std::string& text) {
  const auto id = session::SessionId::parse(text);
  if (!id) {
    throw ConfigError(
        "a session's id has 40 hexadecimal digits (`innkeeper sessions list` shows it); a "
        "session's key "
        "is not taken");
  }
  return *id;
}

}  // namespace innkeeper::app
