// The server as its clients see it, the ill-behaved ones above all.
#include <atomic>
#include <cerrno>
#include <latch>
#include <thread>
#include <vector>

#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/error.h"
#include "http/server.h"
#include "support/captured_log.h"
#include "support/raw_client.h"

namespace innkeeper::http {
namespace {

using test::RawClient;

Response echo(const Request& request, Context&) {
  return Response::text(request.method + ' ' + request.path + ' ' + request.body);
}

std::string get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: test\r\n" + more + "\r\n";
}

// Keeps its lines and says when the first came.
class AwaitedLog final : public Log {
 public:
  void write(LogLevel level, std::string_view channel, std::string_view line) noexcept override {
    kept.write(level, channel, line);
    if (level != LogLevel::debug && !std::exchange(m_any, true)) first.count_down();
  }
  test::CapturedLog kept;
  std::latch first{1};

 private:
  bool m_any = false;  // written on the I/O thread alone
};

class HttpServer : public testing::Test {
 protected:
  void serve(Handler handler = echo, Log& log = null_log()) {
    m_options.port = 0;
    m_server = std::make_unique<Server>(m_options, std::move(handler), log);
    m_server->start();
  }
  std::uint16_t port() const { return m_server->port(); }

  ServerOptions m_options;
  AwaitedLog m_log;  // the server writes to it until it has stopped
  std::unique_ptr<Server> m_server;
};

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  serve();
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/a"));
    const auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "GET /a ");
    EXPECT_NE(answer->head.find("\r\nDate: "), std::string::npos);
  }
}

TEST_F(HttpServer, WhoComesBetweenBindAndStartWaits) {
  m_options.port = 0;
  m_server = std::make_unique<Server>(m_options, echo, null_log());
  m_server->bind();
  RawClient client(port());
  client.send(get("/early"));
  EXPECT_FALSE(client.readable(0));
  m_server->start();
  EXPECT_EQ(client.answer()->body, "GET /early ");
}

TEST_F(HttpServer, MayBeBoundAndNeverStarted) {
  m_options.port = 0;
  m_server = std::make_unique<Server>(m_options, echo, null_log());
  m_server->bind();
  RawClient client(port());
  m_server.reset();
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpServer, TellsTheHandlerWhoIsAtTheOtherEnd) {
  serve([](const Request& request, Context&) { return Response::text(request.peer); });
  RawClient client(port());
  client.send(get("/"));
  EXPECT_EQ(client.answer()->body, "127.0.0.1");
}

// Without an address it would be taken for who comes by a Unix socket, whom a site may trust to
// name any address; and what it tries would be in the log as nobody's.
TEST_F(HttpServer, DoesNothingForWhoIsGoneBeforeItWasSeen) {
  std::atomic<int> served{0};
  m_options.port = 0;
  m_options.workers = 1;
  m_server = std::make_unique<Server>(
      m_options,
      [&](const Request& request, Context&) {
        ++served;
        return Response::text(request.peer);
      },
      null_log());
  m_server->bind();
  RawClient(port()).send_and_reset(get("/", "X-Forwarded-For: 192.0.2.1\r\n"));
  RawClient next(port());
  next.send(get("/"));
  m_server->start();
  EXPECT_EQ(next.answer()->body, "127.0.0.1");
  EXPECT_EQ(served, 1);
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  serve();
  RawClient client(port());
  client.send(get("/1") + "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + get("/3"));
  EXPECT_EQ(client.answer()->body, "GET /1 ");
  EXPECT_EQ(client.answer()->body, "POST /2 hi");
  EXPECT_EQ(client.answer()->body, "GET /3 ");
}

TEST_F(HttpServer, TakesARequestByteByByte) {
  serve();
  RawClient client(port());
  for (const char byte : get("/slow")) client.send(std::string_view(&byte, 1));
  EXPECT_EQ(client.answer()->body, "GET /slow ");
}

TEST_F(HttpServer, AnswersHeadWithoutABody) {
  serve();
  RawClient client(port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + get("/b"));
  const auto head = client.answer(true);
  EXPECT_NE(head->head.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_EQ(client.answer()->body, "GET /b ");
}

TEST_F(HttpServer, InvitesABodyThatWaitsForIt) {
  serve();
  RawClient client(port());
  client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer()->status, 100);
  client.send("abc");
  EXPECT_EQ(client.answer()->body, "POST /p abc");
}

TEST_F(HttpServer, InvitesNoBodyThatIsTooLarge) {
  serve();
  RawClient client(port());
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer()->status, 413);
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpServer, ReadsChunkedBodies) {
  serve();
  RawClient client(port());
  client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.answer()->body, "POST /c abcde");
}

TEST_F(HttpServer, ClosesAfterHttp10AndOnRequest) {
  serve();
  RawClient old(port());
  old.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.answer()->body, "GET /old ");
  EXPECT_TRUE(old.ended());
  RawClient polite(port());
  polite.send(get("/", "Connection: close\r\n"));
  EXPECT_NE(polite.answer()->head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(polite.ended());
}

// A smuggled second request must never be answered: the connection ends with the refusal.
TEST_F(HttpServer, RefusesSmugglingShapesAndHangsUp) {
  std::atomic<int> handled = 0;
  serve([&](const Request&, Context&) {
    ++handled;
    return Response::text("");
  });
  for (const char* headers :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 0\r\nContent-Length: 0\r\n", "Content-Length: 0\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: \x0b"
        "chunked\r\n",
        "Content-Length: 0, 0\r\n"}) {
    RawClient client(port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n0\r\n\r\n" +
                get("/smuggled"));
    const auto answer = client.answer();
    ASSERT_TRUE(answer) << headers;
    EXPECT_EQ(answer->status, 400) << headers;
    EXPECT_TRUE(client.ended()) << headers;
  }
  EXPECT_EQ(handled, 0);
}

TEST_F(HttpServer, EndsAHeaderBombWith431) {
  serve();
  for (const std::string& bomb : {std::string(1u << 20, 'a'), [] {
                                    std::string many;
                                    for (int i = 0; i < 20000; ++i)
                                      many += "X-" + std::to_string(i) + ": y\r\n";
                                    return many;
                                  }()}) {
    RawClient client(port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Bomb: ");
    client.send(bomb);  // may end early: the server has answered long before
    const auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 431);
  }
}

TEST_F(HttpServer, EndsABodyBeyondTheLimitWith413) {
  m_options.body_limit = 1000;
  serve();
  RawClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("ffffff\r\n");
  client.send(std::string(100'000, 'x'));
  EXPECT_EQ(client.answer()->status, 413);
}

TEST_F(HttpServer, HangsUpOnASlowClient) {
  m_options.read_timeout = std::chrono::seconds(1);
  serve();
  RawClient partial(port()), silent(port());
  partial.send("GET / HTTP/1.1\r\nHost: x\r\nX: ");
  EXPECT_TRUE(partial.ended());
  EXPECT_TRUE(silent.ended());
  RawClient prompt(port());  // the server lives on
  prompt.send(get("/"));
  EXPECT_EQ(prompt.answer()->status, 200);
}

TEST_F(HttpServer, HangsUpOnAClientThatTakesNoAnswer) {
  m_options.write_timeout = std::chrono::seconds(1);
  const std::string much(64u << 20, 'x');
  serve([&](const Request&, Context&) { return Response::text(much); });
  RawClient client(port());
  client.send(get("/"));
  EXPECT_TRUE(client.readable(10'000));
  m_server->stop();  // ends only once that connection is cut
}

TEST_F(HttpServer, SurvivesAClientThatIsGoneBeforeItsAnswer) {
  std::latch handling(1), release(1);
  serve([&](const Request& request, Context&) {
    if (request.path == "/gone") {
      handling.count_down();
      release.wait();
    }
    return Response::text(std::string(1u << 20, 'x'));
  });
  {
    RawClient client(port());
    client.send(get("/gone") + get("/gone2"));
    handling.wait();
  }
  release.count_down();  // the answers go to a closed socket: no SIGPIPE
  RawClient next(port());
  next.send(get("/"));
  EXPECT_EQ(next.answer()->body.size(), 1u << 20);
}

TEST_F(HttpServer, AnswersAFullPoolAtOnce) {
  m_options.workers = 1;
  m_options.queue_limit = 1;
  std::latch handling(1), release(1);
  serve([&](const Request& request, Context&) {
    if (request.path == "/first") {
      handling.count_down();
      release.wait();
    }
    return Response::text("done");
  });
  RawClient first(port()), waits(port());
  first.send(get("/first"));
  handling.wait();
  // One of the next three waits in the queue, the others are refused on the spot.
  RawClient second(port()), third(port());
  for (RawClient* client : {&waits, &second, &third}) client->send(get("/next"));
  int refused = 0;
  RawClient* queued = nullptr;
  while (refused < 2) {
    for (RawClient* client : {&waits, &second, &third}) {
      if (!client->readable(10)) continue;
      const auto answer = client->answer();
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, 503);
      EXPECT_NE(answer->head.find("Retry-After: "), std::string::npos);
      ++refused;
    }
  }
  for (RawClient* client : {&waits, &second, &third}) {
    if (!client->readable(0)) queued = client;
  }
  release.count_down();
  EXPECT_EQ(first.answer()->body, "done");
  ASSERT_NE(queued, nullptr);
}

TEST_F(HttpServer, ClosesTheLongestIdleConnectionForANewOne) {
  m_options.connection_limit = 2;
  serve();
  RawClient first(port()), second(port());
  for (RawClient* client : {&first, &second, &first}) {
    client->send(get("/a"));
    EXPECT_EQ(client->answer()->status, 200);
  }
  RawClient third(port());
  third.send(get("/b"));
  EXPECT_EQ(third.answer()->body, "GET /b ");
  EXPECT_TRUE(second.ended());
  first.send(get("/c"));
  EXPECT_EQ(first.answer()->body, "GET /c ");
}

TEST_F(HttpServer, ServesBesideClientsThatNeverSpeak) {
  m_options.connection_limit = 4;
  serve(echo, m_log);
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(std::make_unique<RawClient>(port()));
  RawClient speaks(port());
  speaks.send(get("/"));
  EXPECT_EQ(speaks.answer()->status, 200);
  for (std::size_t i = 0; i < 17; ++i) EXPECT_TRUE(silent[i]->ended()) << i;
  for (std::size_t i = 17; i < 20; ++i) EXPECT_FALSE(silent[i]->readable(0)) << i;
  EXPECT_EQ(m_log.kept.count(general_log, "connection limit: 4 are open"), 1);
}

TEST_F(HttpServer, RefusesANewConnectionWhereNoneIsIdle) {
  m_options.connection_limit = 1;
  std::latch handling(1), release(1);
  serve([&](const Request&, Context&) {
    handling.count_down();
    release.wait();
    return Response::text("done");
  });
  RawClient busy(port());
  busy.send(get("/"));
  handling.wait();
  EXPECT_TRUE(RawClient(port()).ended());
  release.count_down();
  EXPECT_EQ(busy.answer()->body, "done");
}

// Leaves this process exactly one descriptor to open, for as long as it lives.
class OneFileLeft {
 public:
  OneFileLeft() {
    ::getrlimit(RLIMIT_NOFILE, &m_before);
    const int lowest = ::dup(0);
    rlimit limit = m_before;
    limit.rlim_cur = static_cast<rlim_t>(lowest) + 1;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::close(lowest);
  }
  ~OneFileLeft() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
  OneFileLeft(const OneFileLeft&) = delete;
  OneFileLeft& operator=(const OneFileLeft&) = delete;

 private:
  rlimit m_before{};
};

// UndefinedBehaviorSanitizer looks at an object of a type that it has not met through a pipe, for
// which there will be no files: an error's kind, a connection's end, the log.
void meet_the_types(std::uint16_t port, Log& log) {
  {
    RawClient client(port);
    client.send(get("/"));
    client.answer();
  }
  RawClient(port).send("none");
  const boost::system::error_code error(EMFILE, boost::system::system_category());
  log.write(LogLevel::debug, general_log, error.message());
}

TEST_F(HttpServer, AcceptsInPlaceOfAnIdleConnectionWhereFilesHaveRunOut) {
  std::latch handling(1), release(1);
  serve(
      [&](const Request& request, Context&) {
        if (request.path == "/busy") {
          handling.count_down();
          release.wait();
        }
        return Response::text("done");
      },
      m_log);
  meet_the_types(port(), m_log);
  RawClient busy(port());
  busy.send(get("/busy"));
  handling.wait();
  const OneFileLeft full;
  RawClient next(port());
  m_log.first.wait();  // it could not be accepted: `busy` is not idle yet
  release.count_down();
  EXPECT_EQ(busy.answer()->body, "done");
  next.send(get("/"));
  EXPECT_EQ(next.answer()->body, "done");
  EXPECT_TRUE(busy.ended());
  next.send(get("/"));  // it stays: nobody else wants its descriptor
  const auto again = next.answer();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body, "done");
  EXPECT_EQ(m_log.kept.lines().size(), 2u);  // though it was tried twice
  EXPECT_TRUE(m_log.kept.mentions("cannot accept: Too many open files"));
}

TEST_F(HttpServer, HidesWhatAHandlerThrew) {
  serve([](const Request&, Context&) -> Response { throw Error("password is swordfish"); });
  RawClient client(port());
  client.send(get("/") + get("/"));
  for (int i = 0; i < 2; ++i) {  // and the connection goes on
    const auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500);
    EXPECT_EQ((answer->head + answer->body).find("swordfish"), std::string::npos);
  }
}

TEST_F(HttpServer, EndsRequestsUnderWayBeforeItStops) {
  std::latch handling(1), release(1);
  serve([&](const Request&, Context&) {
    handling.count_down();
    release.wait();
    return Response::text("finished");
  });
  RawClient busy(port()), idle(port());
  busy.send(get("/"));
  handling.wait();
  std::thread stopper([&] { m_server->stop(); });
  EXPECT_TRUE(idle.ended());  // shows that stopping has begun
  release.count_down();
  const auto answer = busy.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "finished");
  EXPECT_NE(answer->head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.ended());
  busy.end_sending();
  stopper.join();
  EXPECT_FALSE(RawClient(port()).connected());
}

TEST_F(HttpServer, StopsUnderLoad) {
  m_options.io_threads = 2;
  serve();
  std::atomic<int> answered = 0;
  std::latch warm(4);
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      RawClient client(port());
      bool counted = false;
      // Every request that is answered is answered whole; then the connection ends.
      while (client.send(get("/load"))) {
        const auto answer = client.answer();
        if (!answer) break;
        EXPECT_EQ(answer->body, "GET /load ");
        if (!std::exchange(counted, true)) warm.count_down();
        ++answered;
      }
    });
  }
  warm.wait();
  m_server->stop();
  for (std::thread& client : clients) client.join();
  EXPECT_GE(answered, 4);
}

// A full pool, a handler that threw and each refusal of the parser.
TEST_F(HttpServer, PutsItsHeadersOnTheAnswersThatItMakesItself) {
  m_options.own_headers = {{"X-Frame-Options", "DENY"}};
  m_options.header_limit = 1000;
  m_options.body_limit = 1000;
  m_options.workers = 1;
  m_options.queue_limit = 0;
  std::latch handling(1), release(1);
  serve([&](const Request&, Context&) -> Response {
    handling.count_down();
    release.wait();
    throw Error("no");
  });
  RawClient busy(port());
  busy.send(get("/"));
  handling.wait();
  const auto expect = [](RawClient& client, int status) {
    const auto answer = client.answer();
    ASSERT_TRUE(answer) << status;
    EXPECT_EQ(answer->status, status);
    EXPECT_NE(answer->head.find("X-Frame-Options: DENY\r\n"), std::string::npos) << status;
  };
  const std::vector<std::pair<int, std::string>> refused{
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {413, get("/", "Content-Length: 2000\r\n")},
      {417, get("/", "Content-Length: 2\r\nExpect: a miracle\r\n")},
      {431, get("/", "X: " + std::string(2000, 'x') + "\r\n")},
      {503, get("/")}};
  for (const auto& [status, request] : refused) {
    RawClient client(port());
    client.send(request);
    expect(client, status);
  }
  release.count_down();
  expect(busy, 500);
}

TEST_F(HttpServer, DoesNotStartWithHeadersThatNoAnswerMayHave) {
  m_options.own_headers = {{"X-Broken", "a\r\nb"}};
  EXPECT_THROW(serve(), Error);
}

TEST_F(HttpServer, NamesAnAddressInUse) {
  m_options.io_threads = 2;  // SO_REUSEPORT must not hide it
  serve();
  ServerOptions same = m_options;
  same.port = port();
  Server second(same, echo, null_log());
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(port())), std::string::npos);
  }
}

TEST_F(HttpServer, RefusesAnAddressThatIsNone) {
  m_options.address = "not-an-address.example";
  EXPECT_THROW(serve(), Error);
}

}  // namespace
}  // namespace innkeeper::http
