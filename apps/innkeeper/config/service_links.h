// Variables that Kubernetes and Docker put into every container beside a service or a linked
// container named "innkeeper": they begin as our settings do, and are none.
#pragma once

#include <string_view>

namespace innkeeper::app {

// Whether INNKEEPER_`name` with this value is one of those:
//
//   [NAME_]SERVICE_HOST, [NAME_]SERVICE_PORT, [NAME_]SERVICE_PORT_WEB   whatever they hold
//   [NAME_]PORT, [NAME_]PORT_8080_TCP                                   tcp://…, udp://…, sctp://…
//   [NAME_]PORT_8080_TCP_ADDR, …_PORT, …_PROTO                          whatever they hold
//   NAME                                                                /web/innkeeper
//   ENV_…                                                               whatever they hold
bool is_service_link(std::string_view name, std::string_view value);

}  // namespace innkeeper::app
