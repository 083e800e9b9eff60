// The site at work: the server, the thread that follows the feed of ended sessions, the upkeep.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "http/server.h"
#include "serve/ticker.h"
#include "wiring.h"

namespace innkeeper::app {

class Signals;

// `house` outlives it. Made after Signals, so that none of its threads takes one.
class Service {
 public:
  explicit Service(House& house);
  ~Service();  // stops

  // Takes the address; who connects waits until start(). Throws Error (address, reason),
  // ConfigError.
  void bind();
  // Binds, where that is not done, and starts the threads. Throws StoreError as well.
  void start();
  // Serves until a signal says stop; on a reload reads the location files and the device rules
  // again. Then lets requests under way end.
  void run(Signals& signals);
  // "http://127.0.0.1:8000/", after bind() or start().
  std::string url() const;

 private:
  void follow_feed();
  void clear_expired(const std::stop_token& stop);
  void reload();

  House& m_house;
  http::Handler m_handler;  // from start() on
  std::unique_ptr<http::Server> m_server;
  std::unique_ptr<Ticker> m_feed, m_upkeep;
};

}  // namespace innkeeper::app
