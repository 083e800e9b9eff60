// Telling systemd how the service is (sd_notify's protocol, a datagram to NOTIFY_SOCKET); nothing
// without it.
#pragma once

#include <string_view>

namespace innkeeper::app {

// `state`: "READY=1", "STOPPING=1", "RELOADING=1". Never fails.
void notify_service_manager(std::string_view state) noexcept;

}  // namespace innkeeper::app
