#include "http/handler.h"

#include <algorithm>
#include <memory>

#include "http/url.h"

namespace innkeeper::http {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    segments.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

bool is_variable(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return pattern.size() == path.size() &&
         std::equal(pattern.begin(), pattern.end(), path.begin(),
                    [](const std::string& wanted, const std::string& given) {
                      return is_variable(wanted) ? !given.empty() : wanted == given;
                    });
}

void read_values(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
                 Context& context) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_variable(pattern[i])) continue;
    // decode_path left only %2F and %25 escaped, so this can't fail on a request's path.
    context.path_values[pattern[i].substr(1, pattern[i].size() - 2)] =
        percent_decode(path[i]).value_or(path[i]);
  }
}

// "GET" also answers HEAD.
bool serves(const std::string& route, const std::string& asked) {
  return route == asked || (route == "GET" && asked == "HEAD");
}

Handler wrap(std::shared_ptr<const Middleware> middleware, Handler next) {
  return [middleware = std::move(middleware), next = std::move(next)](const Request& request,
                                                                      Context& context) {
    return middleware->handle(request, context, next);
  };
}

}  // namespace

Handler chain(std::vector<Place> places, Handler innermost) {
  Handler handler = std::move(innermost);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    handler = wrap(place->middleware, std::move(handler));
  }
  return handler;
}

void Router::add(std::string method, std::string pattern, Handler handler) {
  std::vector<std::string> segments = split(pattern);
  m_routes.push_back(
      {std::move(method), std::move(pattern), std::move(segments), std::move(handler)});
}

Response Router::route(const Request& request, Context& context) const {
  const std::vector<std::string> segments = split(request.path);
  std::string allow;
  for (const Route& route : m_routes) {
    if (!fits(route.segments, segments)) continue;
    if (serves(route.method, request.method)) {
      read_values(route.segments, segments, context);
      return route.handler(request, context);
    }
    const std::string served = route.method == "GET" ? "GET, HEAD" : route.method;
    if (allow.find(served) != std::string::npos) continue;  // two patterns fit the path
    if (!allow.empty()) allow += ", ";
    allow += served;
  }
  if (allow.empty()) return Response::text("Not found\n", 404);
  Response response = Response::text("Method not allowed\n", 405);
  response.set_header("Allow", std::move(allow));
  return response;
}

}  // namespace innkeeper::http
