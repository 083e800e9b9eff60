// One line a request: method, path, status, time, address. No query: it may hold what is nobody's
// business.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "http/handler.h"

namespace innkeeper::web {

class RequestLog final : public http::Middleware {
 public:
  RequestLog(const Clock& clock, Log& log) : m_clock(clock), m_log(log) {}
  std::string_view name() const override { return "request log"; }
  http::Response handle(const http::Request& request, http::Context& context,
                        const http::Handler& next) const override;

 private:
  const Clock& m_clock;
  Log& m_log;
};

}  // namespace innkeeper::web
