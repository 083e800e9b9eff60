#include "web/page.h"

#include "base/digest.h"
#include "http/url.h"
#include "web/assets.h"

namespace innkeeper::web {
namespace {

View frame(const Services& services, std::string_view title, std::string_view section, View view) {
  view.text("site_title", services.options.title)
      .text("page_title", title)
      .text("style", style_path())
      .flag("in_account", section == "account")
      .flag("in_sessions", section == "sessions")
      .flag("in_history", section == "history");
  return view;
}

http::Response to_sign_in(const http::Request& request) {
  std::string here = request.path;
  if (!request.query.empty()) here += '?' + request.query;
  // Only a page can be come back to, not a form.
  const bool page = request.method == "GET" || request.method == "HEAD";
  return http::Response::redirect(page ? paths::sign_in + ("?next=" + http::percent_encode(here))
                                       : paths::sign_in);
}

}  // namespace

const user::User* current_user(http::Context& context) { return context.get<CurrentUser>()->get(); }

http::Response page(const Services& services, http::Context& context, std::string_view name,
                    std::string_view title, std::string_view section, View view, int status) {
  const user::User* user = current_user(context);
  view.flag("signed_in", user != nullptr)
      .flag("staff", user != nullptr && sees_staff_pages(services, *user));
  if (user != nullptr) view.text("username", user->username);
  view.text("csrf_token", context.get<CsrfToken>()->text());
  return http::Response::html(
      services.templates.render(name, frame(services, title, section, std::move(view))), status);
}

http::Response error_page(const Services& services, const PageError& error) {
  const View view = frame(services, error.heading, "", error_view(error));
  return http::Response::html(services.templates.render("error", view), error.status);
}

View error_view(const PageError& error) {
  View view;
  view.text("heading", error.heading)
      .text("text", error.text)
      .text("status", std::to_string(error.status));
  return view;
}

bool sees_staff_pages(const Services& services, const user::User& user) {
  return user.is_staff && (user.is_superuser || services.options.staff_pages == StaffPages::staff);
}

http::Handler only_for(const Services& services, Audience audience, http::Handler handler) {
  return [&services, audience, handler = std::move(handler)](const http::Request& request,
                                                             http::Context& context) {
    const user::User* user = current_user(context);
    if (user == nullptr) return to_sign_in(request);
    if (audience == Audience::staff && !sees_staff_pages(services, *user)) {
      throw PageError{403, "For staff only", "Your account may not see this page."};
    }
    return handler(request, context);
  };
}

std::string style_path() {
  static const std::string path =
      "/static/style." + to_hex(as_text(sha256(asset("style.css")))).substr(0, 16) + ".css";
  return path;
}

http::Response serve_static(const http::Request& request, http::Context&) {
  if (request.path != style_path()) return http::Response::text("Not found\n", 404);
  http::Response response;
  response.body = asset("style.css");
  response.set_header("Content-Type", "text/css; charset=utf-8");
  response.set_header("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

}  // namespace innkeeper::web
