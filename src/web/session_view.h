// A session as a row, a card or a line of a page: its device in words, its place, its times.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "web/request_state.h"
#include "web/services.h"

namespace innkeeper::web {

// "Firefox 128 on Windows", with the flags is_desktop, is_phone, is_tablet, is_bot or is_other for
// the icon; "place" ("Lyon, France") and "address", where known.
void add_client(const Services& services, const session::Client& client, View& view);

// The above, with id, started, last_active, active_now, expires, active, and, where `own` is its
// id, this_session.
View session_view(const Services& services, const store::SessionSummary& session,
                  const std::string& own);

// Names of the users of a page's rows: one statement for all.
std::map<std::string, std::string> user_names(const Services& services,
                                              std::vector<std::string> ids);

// The id of the request's own session, or empty.
std::string own_session_id(http::Context& context);

// "user 42": who did it, for the history.
std::string actor_of(const user::User& user);

}  // namespace innkeeper::web
