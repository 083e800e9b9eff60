// One request's work, apart from any socket: run the handler, make the answer's bytes.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/log.h"
#include "http/handler.h"

namespace innkeeper::http {

struct Answer {
  std::string bytes;
  bool keep_alive = true;
};

// What the answer must know of its request beyond the Request itself.
struct RequestFacts {
  bool keep_alive = true;
  bool http_1_0 = false;
  // Looked at once the handler has returned: a server that stops keeps no connection. May be null.
  const std::atomic<bool>* stopping = nullptr;
  const std::vector<Header>* own_headers = nullptr;  // of an answer that no handler made; or null
};

// Runs `handler`; what it throws becomes a 503 or 500 without details and one line in `log`. Never
// throws but for want of memory, or where `own_headers` break a message.
Answer answer_request(const Handler& handler, const Request& request, RequestFacts facts, Log& log);

// The answer to what never becomes a request's handler: a full queue, a malformed message.
// Throws Error where `own_headers` break a message.
Answer plain_answer(int status, RequestFacts facts);

}  // namespace innkeeper::http
