#include "http/server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.h"
#include "http/connection.h"
#include "http/connection_limit.h"
#include "http/episode.h"
#include "http/request_parser.h"
#include "http/work.h"
#include "http/worker_pool.h"

namespace innkeeper::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
// One timer looks at every deadline of a thread's connections: a timer per request costs 1.7 µs
// each.
constexpr std::chrono::milliseconds sweep_interval{500};
// After an answer that ends a connection, and for a request half read when the server stops.
constexpr std::chrono::seconds linger_time{2};
constexpr std::chrono::milliseconds accept_pause{100};

// What all threads of a server share.
struct Shared {
  ServerOptions options;
  Handler handler;
  Log& log;
  WorkerPool pool;
  Episode cannot_accept{"cannot accept", log};
  Episode limit_reached{"connection limit", log};
  std::atomic<bool> stopping{false};
};

int io_threads(const ServerOptions& options) { return std::max(options.io_threads, 1); }

// A thread's share of the connections.
std::size_t connection_share(const ServerOptions& options) {
  const int limit =
      options.connection_limit > 0
          ? options.connection_limit
          : usual_connection_limit(open_file_limit(), options.workers + io_threads(options));
  return static_cast<std::size_t>(std::max(limit / io_threads(options), 1));
}

// Nothing where the other end has reset the connection: who it was is not known any more.
std::optional<std::string> peer_text(const tcp::socket& socket) {
  error_code error;
  asio::ip::address address = socket.remote_endpoint(error).address();
  if (error) return std::nullopt;
  if (address.is_v6()) {  // without "%eth0"
    asio::ip::address_v6 plain = address.to_v6();
    plain.scope_id(0);
    address = plain;
  }
  return address.to_string();
}

// Accepts and serves connections on a thread of its own. Everything but begin_stop runs on it.
class IoThread {
 public:
  IoThread(Shared& shared, const tcp::endpoint& endpoint, bool reuse_port)
      : m_shared(shared),
        m_share(connection_share(shared.options)),
        m_acceptor(m_context),
        m_sweep(m_context) {
    m_acceptor.open(endpoint.protocol());
    m_acceptor.set_option(tcp::acceptor::reuse_address(true));
    if (reuse_port) m_acceptor.set_option(ReusePort(true));
    m_acceptor.bind(endpoint);
    m_acceptor.listen();
  }

  void start() {
    asio::co_spawn(m_context, accept_connections(), asio::detached);
    asio::co_spawn(m_context, sweep(), asio::detached);
    m_thread = std::thread([this] { m_context.run(); });
  }
  void begin_stop() {
    asio::post(m_context, [this] { close_idle(); });
  }
  void join() {
    if (m_thread.joinable()) m_thread.join();
  }
  std::uint16_t port() const { return m_acceptor.local_endpoint().port(); }

 private:
  asio::awaitable<void> accept_connections();
  asio::awaitable<void> wait_for_files(const error_code& error);
  asio::awaitable<void> sweep();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<bool> serve_request(Connection& connection);
  asio::awaitable<bool> read_request(Connection& connection, RequestParser& parser);
  asio::awaitable<bool> receive(Connection& connection);
  asio::awaitable<Answer> work(Request request, RequestFacts facts);
  asio::awaitable<bool> send(Connection& connection, const std::string& bytes);
  asio::awaitable<void> linger(Connection& connection);
  bool parse_unread(Connection& connection, RequestParser& parser);
  bool make_room();
  bool close_longest_idle();
  void close_idle();

  Shared& m_shared;
  const std::size_t m_share;
  asio::io_context m_context{1};
  tcp::acceptor m_acceptor;
  asio::steady_timer m_sweep;
  std::unordered_set<Connection*> m_connections;  // those that are open
  IdleConnections m_idle;
  std::array<char, 16u << 10> m_scratch{};  // filled and emptied within one step of a coroutine
  bool m_stopping = false;
  std::thread m_thread;
};

asio::awaitable<void> IoThread::accept_connections() {
  while (!m_stopping) {
    // accept() wants a descriptor before it looks whether anybody is there.
    co_await m_acceptor.async_wait(tcp::acceptor::wait_read, use_tuple);
    auto [error, socket] = co_await m_acceptor.async_accept(use_tuple);
    if (m_stopping) co_return;
    if (error) {
      co_await wait_for_files(error);
    } else if (make_room()) {
      asio::co_spawn(m_context, serve(std::move(socket)), asio::detached);
    }
  }
}

// Out of descriptors or memory: an idle connection goes, or others must end first.
asio::awaitable<void> IoThread::wait_for_files(const error_code& error) {
  m_shared.cannot_accept.happened(error.message(), Connection::Clock::now());
  if (error == asio::error::no_descriptors && close_longest_idle()) co_return;
  asio::steady_timer pause(m_context, accept_pause);
  co_await pause.async_wait(use_tuple);
}

// Whether a new connection may stay.
bool IoThread::make_room() {
  if (m_connections.size() < m_share) return true;
  m_shared.limit_reached.happened(std::to_string(m_share) +
                                      " are open on a thread: for a new one the longest idle is "
                                      "closed, or the new one where none is idle",
                                  Connection::Clock::now());
  return close_longest_idle();
}

bool IoThread::close_longest_idle() {
  if (m_idle.empty()) return false;
  Connection& longest = m_idle.front();
  m_idle.pop_front();
  m_connections.erase(&longest);
  longest.close();
  return true;
}

asio::awaitable<void> IoThread::sweep() {
  while (!m_stopping || !m_connections.empty()) {
    m_sweep.expires_after(sweep_interval);
    co_await m_sweep.async_wait(use_tuple);
    const auto now = Connection::Clock::now();
    for (Connection* connection : m_connections) {
      if (connection->deadline < now) connection->close();
    }
    m_shared.cannot_accept.look(now);
    m_shared.limit_reached.look(now);
  }
}

void IoThread::close_idle() {
  m_stopping = true;
  error_code ignored;
  m_acceptor.close(ignored);
  for (Connection* connection : m_connections) {
    if (connection->phase == Phase::idle) connection->close();
    if (connection->phase == Phase::reading) connection->enter(Phase::reading, linger_time);
  }
  if (m_connections.empty()) m_sweep.cancel();
}

asio::awaitable<void> IoThread::serve(tcp::socket socket) {
  const auto peer = peer_text(socket);
  if (!peer) co_return;  // what it sent could still be read
  Connection connection(std::move(socket));
  m_connections.insert(&connection);
  error_code ignored;
  connection.socket.non_blocking(true, ignored);
  connection.socket.set_option(tcp::no_delay(true), ignored);
  connection.peer = *peer;
  try {
    while (co_await serve_request(connection)) {
    }
  } catch (const std::exception& error) {  // want of memory: this connection ends, the others live
    m_shared.log.write(LogLevel::error, general_log, std::string("a connection: ") + error.what());
  }
  m_connections.erase(&connection);
  if (m_stopping && m_connections.empty()) m_sweep.cancel();
}

// One request and its answer; whether the connection may carry another.
asio::awaitable<bool> IoThread::serve_request(Connection& connection) {
  if (m_stopping) co_return false;
  RequestParser parser({m_shared.options.header_limit, m_shared.options.body_limit});
  if (!co_await read_request(connection, parser)) co_return false;
  Answer answer;
  if (parser.state() == RequestParser::State::failed) {
    m_shared.log.write(
        LogLevel::debug, general_log,
        "refused a request from " + connection.peer + ": " + std::string(parser.reason()));
    answer = plain_answer(parser.status(),
                          {.keep_alive = false, .own_headers = &m_shared.options.own_headers});
  } else {
    const RequestFacts facts{parser.keep_alive(), parser.is_http_1_0(), &m_shared.stopping,
                             &m_shared.options.own_headers};
    Request request = parser.take();
    request.peer = connection.peer;
    connection.enter(Phase::working);
    answer = co_await work(std::move(request), facts);
  }
  connection.enter(Phase::writing, m_shared.options.write_timeout);
  if (!co_await send(connection, answer.bytes)) co_return false;
  if (!answer.keep_alive) co_await linger(connection);
  co_return answer.keep_alive;
}

// Parses what was received; whether more must come.
bool IoThread::parse_unread(Connection& connection, RequestParser& parser) {
  std::size_t used = 0;
  const std::string_view unread = connection.unread;
  while (const std::size_t taken = parser.feed(unread.substr(used))) used += taken;
  connection.unread.erase(0, used);
  return parser.state() == RequestParser::State::header ||
         parser.state() == RequestParser::State::body;
}

// Reads until the parser is done or has failed; false where the connection ended first.
asio::awaitable<bool> IoThread::read_request(Connection& connection, RequestParser& parser) {
  static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  bool invited = false;
  connection.enter(connection.unread.empty() ? Phase::idle : Phase::reading,
                   m_shared.options.read_timeout);
  if (connection.phase == Phase::idle) m_idle.push_back(connection);
  while (parse_unread(connection, parser)) {
    if (!invited && parser.expects_continue() && connection.unread.empty()) {
      invited = true;
      if (!co_await send(connection, go_on)) co_return false;
    }
    if (!co_await receive(connection)) co_return false;
    if (connection.phase == Phase::idle) {
      connection.enter(Phase::reading, m_shared.options.read_timeout);
    }
  }
  co_return true;
}

// Appends what there is to `unread`, waiting for it where need be; false at the end of the stream.
// An idle connection holds no buffer: the thread's one is used once the socket is readable.
asio::awaitable<bool> IoThread::receive(Connection& connection) {
  while (true) {
    error_code error;
    const std::size_t size = connection.socket.read_some(asio::buffer(m_scratch), error);
    if (!error) {
      connection.unread.append(m_scratch.data(), size);
      co_return true;
    }
    if (error != asio::error::would_block) co_return false;
    const auto [failed] = co_await connection.socket.async_wait(tcp::socket::wait_read, use_tuple);
    if (failed) co_return false;
  }
}

asio::awaitable<bool> IoThread::send(Connection& connection, const std::string& bytes) {
  const auto [error, size] =
      co_await asio::async_write(connection.socket, asio::buffer(bytes), use_tuple);
  co_return !error && size == bytes.size();
}

asio::awaitable<void> IoThread::linger(Connection& connection) {
  error_code error;
  connection.socket.shutdown(tcp::socket::shutdown_send, error);
  connection.enter(Phase::lingering, linger_time);
  while (!error && co_await receive(connection)) connection.unread.clear();
}

// Runs the handler on the pool and comes back to this thread with the answer.
asio::awaitable<Answer> IoThread::work(Request request, RequestFacts facts) {
  const auto shared_request = std::make_shared<const Request>(std::move(request));
  auto start = [this, shared_request, facts](auto completion) {
    auto done = std::make_shared<decltype(completion)>(std::move(completion));
    auto run = [this, shared_request, facts, done]() mutable {
      Answer answer = answer_request(m_shared.handler, *shared_request, facts, m_shared.log);
      asio::post(m_context, [done = std::move(done), answer = std::move(answer)]() mutable {
        std::move (*done)(std::move(answer));
      });
    };
    if (m_shared.pool.try_post(std::move(run))) return;
    asio::post(m_context, [done, facts]() { std::move (*done)(plain_answer(503, facts)); });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Answer)>(
      std::move(start), asio::use_awaitable);
}

tcp::endpoint endpoint_of(const ServerOptions& options) {
  const std::string text = options.address == "localhost" ? "127.0.0.1" : options.address;
  error_code error;
  const auto address = asio::ip::make_address(text, error);
  if (error) throw Error("cannot listen on '" + options.address + "': not an IP address");
  return {address, options.port};
}

}  // namespace

struct Server::State {
  Shared shared;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::uint16_t port = 0;

  State(const ServerOptions& options, Handler handler, Log& log)
      : shared{options, std::move(handler), log,
               WorkerPool(options.workers,
                          static_cast<std::size_t>(std::max(options.queue_limit, 0)))} {}

  // With SO_REUSEPORT a second program of the same user could share the port unseen: the first bind
  // goes without it, so that an address in use is an error.
  void bind() {
    tcp::endpoint endpoint = endpoint_of(shared.options);
    const int count = io_threads(shared.options);
    if (count > 1) endpoint.port(IoThread(shared, endpoint, false).port());
    for (int i = 0; i < count; ++i) {
      threads.push_back(std::make_unique<IoThread>(shared, endpoint, count > 1));
      endpoint.port(threads.back()->port());
    }
    port = endpoint.port();
  }
};

Server::Server(const ServerOptions& options, Handler handler, Log& log)
    : m_state(std::make_unique<State>(options, std::move(handler), log)) {}

Server::~Server() { stop(); }

void Server::bind() {
  // Throws here what would otherwise end a thread later.
  std::ignore = plain_answer(503, {.own_headers = &m_state->shared.options.own_headers});
  try {
    m_state->bind();
  } catch (const boost::system::system_error& error) {
    m_state->threads.clear();
    throw Error("cannot listen on " + m_state->shared.options.address + " port " +
                std::to_string(m_state->shared.options.port) + ": " + error.code().message());
  }
}

void Server::start() {
  if (m_state->threads.empty()) bind();
  for (const auto& thread : m_state->threads) thread->start();
}

void Server::stop() {
  m_state->shared.stopping = true;
  for (const auto& thread : m_state->threads) thread->begin_stop();
  for (const auto& thread : m_state->threads) thread->join();
  m_state->shared.pool.stop();
}

std::uint16_t Server::port() const { return m_state->port; }

}  // namespace innkeeper::http
