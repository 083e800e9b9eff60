// One connection of an I/O thread. Shows Boost: for server.cc alone.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

namespace innkeeper::http {

enum class Phase {
  idle,       // nothing of the next request has come
  reading,    // some of it has
  working,    // a worker has it: no deadline
  writing,    // the answer goes out
  lingering,  // answered and shut; reading off what still comes, so that no reset eats the answer
};

using IdleHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Lives in its coroutine and is used on its thread only. Where the thread put it among the idle
// ones, the next phase, or its end, takes it out.
struct Connection : IdleHook {
  using Clock = std::chrono::steady_clock;

  explicit Connection(boost::asio::ip::tcp::socket connected) : socket(std::move(connected)) {}
  boost::asio::ip::tcp::socket socket;
  std::string peer;
  std::string unread;  // received and not yet parsed
  Phase phase = Phase::idle;
  Clock::time_point deadline{};

  void enter(Phase next, std::chrono::seconds limit = std::chrono::seconds::max()) {
    unlink();
    phase = next;
    deadline =
        limit == std::chrono::seconds::max() ? Clock::time_point::max() : Clock::now() + limit;
  }
  void close() {  // its coroutine sees the error and ends
    boost::system::error_code ignored;
    socket.close(ignored);
  }
};

// In the order in which they became idle.
using IdleConnections =
    boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

}  // namespace innkeeper::http
