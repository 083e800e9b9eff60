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

  // Listens and starts the threads. Throws Error (address, reason), StoreError, ConfigError.
  void start();
  // Serves until a signal says stop; on a reload reads the location files and the device rules
  // again. Then lets requests under way end.
  void run(Signals& signals);
  // "http://127.0.0.1:8000/", after start().
  std::string url() const;

 private:
  void follow_feed();
  void clear_expired(const std::stop_token& stop);
  void reload();

  House& m_house;
  std::unique_ptr<http::Server> m_server;
  std::unique_ptr<Ticker> m_feed, m_upkeep;
};

}  // namespace innkeeper::app
