// The pages, put together from the settings.
#pragma once

#include <string>

#include "http/handler.h"
#include "wiring.h"

namespace innkeeper::app {

// What the server runs for each request. `house` outlives it.
http::Handler site_handler(House& house);

// The middleware chain, a line each: the place, its name, why it stands there.
std::string site_chain();

}  // namespace innkeeper::app
