// Signing in and out.
#pragma once

#include "http/handler.h"
#include "web/services.h"

namespace innkeeper::web {

// GET and POST /signin/, POST /signout/. One message for a wrong name and a wrong password; the key
// is rotated at sign-in (Accounts::sign_in), so a key that somebody planted before is worth
// nothing. A form that is sent twice leaves one session (recent_sign_ins.h).
void add_sign_in_routes(const Services& services, http::Router& router);

}  // namespace innkeeper::web
