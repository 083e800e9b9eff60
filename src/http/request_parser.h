// Bytes of a connection → one Request, within limits. Beast's parser does the grammar; the rules
// that close the doors Beast leaves open stand in request_parser.cc. No Boost type is seen from
// here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace innkeeper::http {

struct ParserLimits {
  std::size_t header_bytes = 16u << 10;  // of the request line and the headers; beyond: 431
  std::size_t body_bytes = 1u << 20;     // decoded; beyond: 413
};

// Parses one request; make a new one for the next. Not thread-safe.
//
// Refused with 400 beyond RFC 9112's grammar: both Content-Length and Transfer-Encoding, a repeated
// Content-Length (even with the same value), a Transfer-Encoding that is not exactly "chunked" or
// comes with HTTP/1.0, no or several Host headers, a header folded over several lines, a request
// target that is no path. Trailers of a chunked body are dropped: nobody gets to add a header after
// the headers were looked at.
class RequestParser {
 public:
  explicit RequestParser(ParserLimits limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  enum class State { header, body, done, failed };
  // Takes the next bytes and returns how many it used; the rest must be given again with more
  // behind it. The header is taken whole, nothing before its end has come. Stops at the end of it
  // and at the end of the request (what follows is the next request's), so call it until it uses
  // nothing. Nothing is used once done or failed.
  std::size_t feed(std::string_view bytes);

  State state() const;
  // Where failed: the status to answer with, and why, for the log.
  int status() const;
  std::string_view reason() const;

  // From State::body on: the client waits for "100 Continue" before it sends the body.
  bool expects_continue() const;
  // From State::body on: the connection may carry another request.
  bool keep_alive() const;
  bool is_http_1_0() const;
  // Once done; peer and secure are left for the server to fill in.
  Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace innkeeper::http
