// What every page and middleware of the site uses. Made once by make_site, shared by all requests.
#pragma once

#include "web/auth/password_gate.h"
#include "web/auth/recent_sign_ins.h"
#include "web/site.h"
#include "web/templates.h"

namespace innkeeper::web {

// References outlive the site; everything here is thread-safe or constant.
struct Services {
  const SiteOptions options;
  engine::Engine& engine;
  engine::Accounts& accounts;
  const device::DeviceReader& devices;
  const location::LocationReader& locations;
  const Clock& clock;
  Random& random;
  Log& log;
  const Templates templates;
  const std::unique_ptr<PasswordGate> password_gate;
  const std::unique_ptr<RecentSignIns> recent_sign_ins;
};

}  // namespace innkeeper::web
