// The listener: reads requests within limits, hands them to a handler on a bounded pool of workers,
// writes answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "http/handler.h"

namespace innkeeper::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address, or "localhost"; names are not looked up
  std::uint16_t port = 8000;          // 0: the system picks one, see port()
  int io_threads = 1;                 // one io_context each, SO_REUSEPORT
  int workers = 4;                    // threads that run the handler
  int queue_limit = 256;  // requests waiting for a worker; beyond: 503 with Retry-After, at once
  // Open at a time, shared out evenly among the I/O threads; beyond: the longest idle connection of
  // the thread is closed, or where none is idle the new one, at once. 0: 8192, or fewer where the
  // soft limit on open files (at start()) asks for it; some of those are left to the databases.
  int connection_limit = 0;
  std::size_t header_limit = 16u << 10;  // bytes of the request line and headers; beyond: 431
  std::size_t body_limit = 1u << 20;     // beyond: 413
  // For a whole request to arrive, and for an idle kept connection; looked at twice a second.
  std::chrono::seconds read_timeout{30};
  std::chrono::seconds write_timeout{30};  // for a whole answer to be taken
  // On every answer that the server makes itself: a malformed request, a full pool, a handler that
  // threw. A handler's answers bring their own.
  std::vector<Header> own_headers;
};

// HTTP/1.1 and 1.0, kept connections, pipelining (answers in order, one request at a time),
// 100-continue, HEAD. A handler that throws an Error with Retry::later becomes a 503 with
// Retry-After, any other exception a 500; neither tells the client more, the log gets one line.
//
// bind() takes the address (throws Error: address, reason; a header that no answer may have): who
// connects from then on waits. start() binds, where that is not done, serves and returns. stop()
// accepts no more, closes idle connections, lets requests under way end, then joins; it
// waits as long as a handler runs. Neither from a handler. `log` outlives the server.
class Server {
 public:
  Server(const ServerOptions& options, Handler handler, Log& log);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  void bind();
  void start();
  void stop();
  std::uint16_t port() const;  // what it listens on, after bind() or start()

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper::http
