// One page: a template in the site's frame (title, navigation, the signed-in user).
#pragma once

#include <string>
#include <string_view>

#include "http/handler.h"
#include "web/request_state.h"
#include "web/services.h"

namespace innkeeper::web {

// Where things are. Every path ends in a slash, as in Django.
namespace paths {
inline constexpr const char* sign_in = "/signin/";
inline constexpr const char* sign_out = "/signout/";
inline constexpr const char* my_sessions = "/account/sessions/";
inline constexpr const char* end_my_others = "/account/sessions/end-others/";
inline constexpr const char* admin_sessions = "/admin/sessions/";
inline constexpr const char* admin_end = "/admin/sessions/end/";
inline constexpr const char* admin_history = "/admin/history/";
}  // namespace paths

// Renders `name` with `view` and what the frame needs: the user, the csrf token for its forms.
// `section` marks the navigation: "account", "sessions", "history" or nothing.
http::Response page(const Services& services, http::Context& context, std::string_view name,
                    std::string_view title, std::string_view section, View view, int status = 200);

// A page that needs no session and no database: it is shown where they fail.
http::Response error_page(const Services& services, const PageError& error);

// What the template "error" is filled in with.
View error_view(const PageError& error);

// The signed-in user; null for visitors.
const user::User* current_user(http::Context& context);

// Wraps a handler: visitors go to the sign-in page and come back, signed-in people who may not see
// it get 403.
enum class Audience { signed_in, staff };
http::Handler only_for(const Services& services, Audience audience, http::Handler handler);

// Whether the option `staff_pages` lets them in.
bool sees_staff_pages(const Services& services, const user::User& user);

// The style sheet's address, with a digest of its content, and its handler.
std::string style_path();
http::Response serve_static(const http::Request& request, http::Context& context);

}  // namespace innkeeper::web
