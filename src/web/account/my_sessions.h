// "Where you are signed in": a user's own sessions, and ending them.
#pragma once

#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

// /account/sessions/ lists, this session first; {id}/end/ and end-others/ ask (GET) and end (POST).
// Of very many others the last active are listed and the rest is told as a number; ending them all
// ends those too.
// An id that is not one of the user's own sessions is 404, whether there is such a session or not.
void add_account_routes(const Services& services, http::Router& router);

}  // namespace innkeeper::web
