#include "web/middleware/request_log.h"

#include "http/url.h"
#include "web/request_state.h"

namespace innkeeper::web {
namespace {

std::string address_of(const http::Request& request, const http::Context& context) {
  const ClientInfo* info = context.get<ClientInfo>();
  return info != nullptr && info->client.ip ? info->client.ip->to_string() : request.peer;
}

}  // namespace

http::Response RequestLog::handle(const http::Request& request, http::Context& context,
                                  const http::Handler& next) const {
  const Time start = m_clock.now();
  http::Response response = next(request, context);
  const auto taken = (m_clock.now() - start).count();
  m_log.write(LogLevel::info, general_log,
              request.method + ' ' + http::path_for_log(request.path) + ' ' +
                  std::to_string(response.status) + ' ' + std::to_string(taken) + "us " +
                  address_of(request, context));
  return response;
}

}  // namespace innkeeper::web
