// An answer's bytes, made in one piece so that it goes out in one write.
#pragma once

#include <string>

#include "http/message.h"

namespace innkeeper::http {

// What the connection adds to a handler's answer.
struct AnswerFraming {
  bool head = false;       // the request was HEAD: the length is told, the body is not sent
  bool keep_alive = true;  // else "Connection: close"
  bool http_1_0 = false;   // a kept 1.0 connection must be told so
  std::string date;        // http_date of now
};

// Status line, Date, Connection, Content-Length, the headers, the body. 1xx, 204 and 304 have
// neither body nor length. Headers that frame the message (Content-Length, Transfer-Encoding,
// Connection, Date) are the server's: a handler's are dropped. Throws Error where a header's name
// or value has characters that would break the message (so that no input can add a header).
std::string format_answer(const Response& response, const AnswerFraming& framing);

}  // namespace innkeeper::http
