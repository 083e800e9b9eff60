// Bytes of a connection, in one piece and in small ones: both must give the same requests.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_parser.h"

namespace {

using innkeeper::http::Request;
using innkeeper::http::RequestParser;

struct Outcome {
  std::vector<Request> requests;
  bool failed = false;
};

bool same(const Request& left, const Request& right) {
  return left.method == right.method && left.path == right.path && left.query == right.query &&
         left.headers == right.headers && left.body == right.body;
}

// What handlers rely on.
void check(const Request& request) {
  if (request.path.empty() || request.path.front() != '/') std::abort();
  if (request.path.find('\0') != std::string::npos) std::abort();
  if ((request.path + '/').find("/../") != std::string::npos) std::abort();
  if (request.body.size() > 4096) std::abort();
}

Outcome parse(std::string_view input, std::size_t piece) {
  Outcome outcome;
  std::string unread;
  RequestParser parser({.header_bytes = 1024, .body_bytes = 4096});
  while (!input.empty()) {
    unread.append(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (const std::size_t used = parser.feed(unread)) {
      unread.erase(0, used);
      if (parser.state() != RequestParser::State::done) continue;
      outcome.requests.push_back(parser.take());
      check(outcome.requests.back());
      parser = RequestParser({.header_bytes = 1024, .body_bytes = 4096});
    }
    if (parser.state() == RequestParser::State::failed) {
      outcome.failed = true;
      break;
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Outcome whole = parse(input, std::max<std::size_t>(size, 1));
  const Outcome pieces = parse(input, 1 + size % 7);
  const std::size_t common = std::min(whole.requests.size(), pieces.requests.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!same(whole.requests[i], pieces.requests[i])) std::abort();
  }
  // Only how early a broken tail is noticed may differ.
  if (!whole.failed && !pieces.failed && whole.requests.size() != pieces.requests.size()) {
    std::abort();
  }
  return 0;
}
