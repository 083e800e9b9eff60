// The staff's pages: all sessions, one session, ending them, and the history of ended ones.
#pragma once

#include "http/handler.h"
#include "web/page.h"
#include "web/services.h"

namespace innkeeper::web {

// Every route is for staff. Each of these adds one group's.
void add_session_list_routes(const Services& services, http::Router& router);
void add_session_detail_routes(const Services& services, http::Router& router);
void add_end_sessions_routes(const Services& services, http::Router& router);
void add_history_routes(const Services& services, http::Router& router);

// A handler of `function(services, request, context)` behind the check for staff.
template <class Function>
http::Handler for_staff(const Services& services, Function function) {
  return only_for(services, Audience::staff,
                  [&services, function](const http::Request& request, http::Context& context) {
                    return function(services, request, context);
                  });
}

}  // namespace innkeeper::web
