// The pages, put together from the settings.
#pragma once

#include <string>

#include "http/handler.h"
#include "web/site.h"
#include "wiring.h"

namespace innkeeper::app {

// What the settings say of the pages. Throws ConfigError, naming the setting and where it stands,
// for cookies that no browser would keep.
web::SiteOptions site_options(const Config& config);

// What the server runs for each request. `house` outlives it.
http::Handler site_handler(House& house);

// The middleware chain, a line each: the place, its name, why it stands there.
std::string site_chain();

}  // namespace innkeeper::app
