// "Where you are signed in": a user's own sessions, and ending them.
#pragma once

#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

// /account/sessions/ lists, this session first, in pages by last activity; {id}/end/ and
// end-others/ ask (GET) and end (POST). Who ends one comes back to its page. Before very many
// others end, the last active are listed and the rest is told as a number.
// An id that is not one of the user's own sessions is 404, whether there is such a session or not.
void add_account_routes(const Services& services, http::Router& router);

}  // namespace innkeeper::web
