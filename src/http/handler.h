// Handlers, the router, and the middleware chain as an ordered list with a reason for each place.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace innkeeper::http {

// What middlewares hand on with a request: each keeps its own type under its own name, and handlers
// read it.
class Context {
 public:
  template <class T>
  void put(std::shared_ptr<T> value) {
    m_values[key<T>()] = std::move(value);
  }
  // Null where nobody put one.
  template <class T>
  T* get() const {
    const auto found = m_values.find(key<T>());
    return found == m_values.end() ? nullptr : static_cast<T*>(found->second.get());
  }
  std::map<std::string, std::string, std::less<>>
      path_values;  // "{id}" of the route → its decoded text

 private:
  template <class T>
  static const void* key() {
    static const char tag = 0;
    return &tag;
  }
  std::map<const void*, std::shared_ptr<void>> m_values;
};

using Handler = std::function<Response(const Request&, Context&)>;

// Wraps what comes after it. Thread-safe: one instance serves every request.
class Middleware {
 public:
  virtual ~Middleware() = default;
  virtual std::string_view name() const = 0;
  virtual Response handle(const Request& request, Context& context, const Handler& next) const = 0;
};

// One place in the chain, outermost first.
struct Place {
  std::shared_ptr<const Middleware> middleware;
  std::string_view
      reason;  // why it stands here and not elsewhere; printed by `innkeeper serve --show-chain`
};
Handler chain(std::vector<Place> places, Handler innermost);

// Method and path pattern → handler. Patterns: "/account/sessions/{id}/end"; a segment in braces
// takes one segment.
class Router {
 public:
  void add(std::string method, std::string pattern, Handler handler);
  // 404 where no pattern fits, 405 with Allow where the method does not; HEAD is served by GET
  // without its body.
  Response route(const Request& request, Context& context) const;

 private:
  struct Route {
    std::string method, pattern;
    std::vector<std::string> segments;
    Handler handler;
  };
  std::vector<Route> m_routes;
};

}  // namespace innkeeper::http
