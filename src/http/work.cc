#include "http/work.h"

#include <chrono>
#include <exception>

#include "base/error.h"
#include "http/answer.h"
#include "http/date.h"
#include "http/url.h"

namespace innkeeper::http {
namespace {

constexpr const char* retry_seconds = "5";

// Formatted once a second and thread.
const std::string& date_now() {
  thread_local std::chrono::sys_seconds formatted{};
  thread_local std::string date;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (date.empty() || now != formatted) {
    date = http_date(now);
    formatted = now;
  }
  return date;
}

Response status_page(int status, const RequestFacts& facts) {
  Response response = Response::text(std::string(reason_phrase(status)) + "\n", status);
  response.set_header("Cache-Control", "no-store");
  if (facts.own_headers != nullptr) {
    for (const auto& [name, value] : *facts.own_headers) response.set_header(name, value);
  }
  if (status == 503) response.set_header("Retry-After", retry_seconds);
  return response;
}

// Without the query, which may hold what is nobody's business.
Response failed(const Request& request, int status, const char* why, const RequestFacts& facts,
                Log& log) {
  log.write(LogLevel::error, general_log,
            request.method + ' ' + path_for_log(request.path) + ": " + why);
  return status_page(status, facts);
}

Response run(const Handler& handler, const Request& request, const RequestFacts& facts, Log& log) {
  try {
    Context context;
    return handler(request, context);
  } catch (const Error& error) {
    return failed(request, error.retry() == Retry::later ? 503 : 500, error.what(), facts, log);
  } catch (const std::exception& error) {
    return failed(request, 500, error.what(), facts, log);
  } catch (...) {
    return failed(request, 500, "an unknown exception", facts, log);
  }
}

Answer format(const Response& response, const Request& request, const RequestFacts& facts) {
  const bool stopping = facts.stopping != nullptr && *facts.stopping;
  const bool keep_alive = facts.keep_alive && !stopping;
  return {
      format_answer(response, {request.method == "HEAD", keep_alive, facts.http_1_0, date_now()}),
      keep_alive};
}

}  // namespace

Answer answer_request(const Handler& handler, const Request& request, RequestFacts facts,
                      Log& log) {
  const Response response = run(handler, request, facts, log);
  try {
    return format(response, request, facts);
  } catch (const Error& error) {  // a header that would break the message
    return format(failed(request, 500, error.what(), facts, log), request, facts);
  }
}

Answer plain_answer(int status, RequestFacts facts) {
  return format(status_page(status, facts), Request{}, facts);
}

}  // namespace innkeeper::http
