#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

using State = RequestParser::State;

// Feeds all of `text`, as a connection does; how much was used.
std::size_t feed_all(RequestParser& parser, std::string_view text) {
  std::size_t used = 0;
  while (const std::size_t taken = parser.feed(text.substr(used))) used += taken;
  return used;
}

// The parser's status, where `pieces` come one after another.
int status_of_pieces(const std::vector<std::string>& pieces, ParserLimits limits = {}) {
  RequestParser parser(limits);
  std::string unread;
  for (const std::string& piece : pieces) {
    unread += piece;
    unread.erase(0, feed_all(parser, unread));
  }
  return parser.state() == State::failed ? parser.status() : 0;
}

int status_of(std::string_view text, ParserLimits limits = {}) {
  RequestParser parser(limits);
  feed_all(parser, text);
  return parser.state() == State::failed ? parser.status() : 0;
}

const std::string head = "GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\n";

TEST(RequestParser, ReadsARequestAndLeavesTheNext) {
  RequestParser parser({});
  const std::string first = head + "X-A: b\r\n\r\n";
  EXPECT_EQ(feed_all(parser, first + "GET /next"), first.size());
  ASSERT_EQ(parser.state(), State::done);
  EXPECT_TRUE(parser.keep_alive());
  const Request request = parser.take();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query, "c=d");
  EXPECT_EQ(request.header("x-a"), "b");
}

TEST(RequestParser, ReadsTheSameByteByByte) {
  RequestParser parser({});
  std::string unread;
  for (const char byte : std::string("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                                     "\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n")) {
    unread += byte;
    unread.erase(0, feed_all(parser, unread));
  }
  ASSERT_EQ(parser.state(), State::done) << parser.reason();
  EXPECT_EQ(parser.take().body, "abcde");
}

TEST(RequestParser, TakesAnAbsoluteTarget) {
  RequestParser parser({});
  feed_all(parser, "GET HTTP://example.org/x?y HTTP/1.1\r\nHost: example.org\r\n\r\n");
  ASSERT_EQ(parser.state(), State::done);
  const Request request = parser.take();
  EXPECT_EQ(request.path, "/x");
  EXPECT_EQ(request.query, "y");
}

TEST(RequestParser, RefusesWhatAnotherReaderCouldFrameDifferently) {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& headers : {
           "Content-Length: 3\r\n" + chunked,
           chunked + "Content-Length: 3\r\n",
           std::string("Content-Length: 3\r\nContent-Length: 3\r\n"),
           std::string("Content-Length: 3\r\nContent-Length: 4\r\n"),
           std::string("Content-Length: 3, 3\r\n"),
           std::string("Content-Length: +3\r\n"),
           std::string("Content-Length: 0x3\r\n"),
           std::string("Content-Length: -3\r\n"),
           std::string("Content-Length: 99999999999999999999\r\n"),
           chunked + chunked,
           std::string("Transfer-Encoding: gzip, chunked\r\n"),
           std::string("Transfer-Encoding: identity\r\n"),
           std::string("Transfer-Encoding: xchunked\r\n"),
           std::string("Transfer-Encoding : chunked\r\n"),
           std::string("Content-Length : 3\r\n"),
           std::string("\x0bTransfer-Encoding: chunked\r\n"),
           std::string("X: y\nContent-Length: 3\r\n"),
           std::string("X: y\rContent-Length: 3\r\n"),
       }) {
    EXPECT_EQ(status_of(post + headers + "\r\nabc"), 400) << headers;
  }
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nHost: x\r\n" + chunked + "\r\n0\r\n\r\n"), 400);
}

// One reader takes the second line as the first one's, another as a header, or drops it.
TEST(RequestParser, RefusesAHeaderFoldedOverLines) {
  for (const std::string& headers : {
           std::string("Content-Length:\r\n 3\r\n"),
           std::string("Content-Length:\r\n\t3\r\n"),
           std::string("Transfer-Encoding:\r\n chunked\r\n"),
           std::string("X: y\r\n Transfer-Encoding: chunked\r\n"),
           std::string("X: y\r\n Content-Length: 3\r\nZ: z\r\n"),
           std::string("X: y\r\n \r\n"),
       }) {
    const std::string text = "POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\nabc";
    EXPECT_EQ(status_of(text), 400) << headers;
    RequestParser slowly({});
    std::string unread;
    for (const char byte : text) {
      unread += byte;
      unread.erase(0, feed_all(slowly, unread));
    }
    EXPECT_EQ(slowly.status(), 400) << headers << "byte by byte";
    const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n" + headers;
    EXPECT_EQ(status_of_pieces({start, "\r\nabc"}), 400) << headers << "before the end";
    EXPECT_EQ(status_of_pieces({start, "Y: y\r\n\r\nabc"}), 400)
        << headers << "in an earlier piece";
    EXPECT_EQ(status_of_pieces({start + "Y", ": y\r\n\r\nabc"}), 400) << headers << "and a half";
  }
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\r\n\r\n x: y"), 0) << "what follows is no fold";
}

TEST(RequestParser, RefusesBrokenChunks) {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"xyz\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n",
                           "ffffffffffffffffff\r\n", "-1\r\n\r\n", " 3\r\nabc\r\n"}) {
    const int status = status_of(post + body);
    EXPECT_TRUE(status == 400 || status == 413) << body << status;
  }
}

// Beast asserts here, where the last chunk's line comes with one byte behind it.
TEST(RequestParser, TakesTheLastChunkInPieces) {
  RequestParser parser({});
  std::string unread = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  unread.erase(0, feed_all(parser, unread));
  unread += '\r';
  unread.erase(0, feed_all(parser, unread));
  unread += '\n';
  feed_all(parser, unread);
  EXPECT_EQ(parser.state(), State::done);
}

TEST(RequestParser, DropsTrailers) {
  RequestParser parser({});
  feed_all(parser,
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Real\r\n\r\n"
           "1\r\na\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
  ASSERT_EQ(parser.state(), State::done);
  EXPECT_EQ(parser.take().header("X-Forwarded-For"), std::nullopt);
}

TEST(RequestParser, RefusesWhatIsNoRequest) {
  for (const char* text :
       {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /../x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n"}) {
    EXPECT_EQ(status_of(text), 400) << text;
  }
}

TEST(RequestParser, BoundsTheHeader) {
  const ParserLimits limits{.header_bytes = 1000};
  EXPECT_EQ(status_of(head + "X: " + std::string(900, 'a') + "\r\n\r\n", limits), 0);
  EXPECT_EQ(status_of(head + "X: " + std::string(1000, 'a') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(status_of(head + "X: " + std::string(5000, 'a'), limits), 431);  // without end
  EXPECT_EQ(status_of("GET /" + std::string(5000, 'a'), limits), 431);
}

// However it is cut into pieces: all of it is held in memory until it has ended.
TEST(RequestParser, BoundsTheHeaderInSum) {
  const ParserLimits limits{.header_bytes = 1000};
  std::string many = head;
  for (int i = 0; i < 300; ++i) many += "X-A: b\r\n";
  EXPECT_EQ(status_of(many + "\r\n", limits), 431);
  EXPECT_EQ(status_of(head + "X: " + std::string(1000 - head.size() - 7, 'a') + "\r\n\r\n", limits),
            0);
  EXPECT_EQ(status_of(head + "X: " + std::string(1001 - head.size() - 7, 'a') + "\r\n\r\n", limits),
            431);
  EXPECT_EQ(status_of("GET /" + std::string(600, 'a') +
                          " HTTP/1.1\r\nHost: x\r\nX: " + std::string(600, 'a') + "\r\n\r\n",
                      limits),
            431);
  std::vector<std::string> pieces{head + "X"};
  for (int i = 0; i < 300; ++i) pieces.push_back("-A: b\r\nX");
  EXPECT_EQ(status_of_pieces(pieces, limits), 431);
}

// Nobody waits for the end of what can't become a request.
TEST(RequestParser, RefusesAtOnceWhatCantBecomeARequest) {
  for (const char* text :
       {"\x16\x03\x01", "\r\n", "GET /\r\n", "GET / HTTP/2.0\r\n", "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\n", "GET / HTTP/1.1\r\nX: y\r\n z\r\n"}) {
    EXPECT_EQ(status_of(text), 400) << text;
  }
}

TEST(RequestParser, BoundsTheBodyBeforeReadingIt) {
  const ParserLimits limits{.body_bytes = 10};
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(post + "Content-Length: 10\r\n\r\n0123456789", limits), 0);
  EXPECT_EQ(status_of(post + "Content-Length: 11\r\n\r\n", limits), 413);
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\n", limits),
            413);
}

TEST(RequestParser, BoundsWhatStandsAroundAChunk) {
  const ParserLimits limits{.header_bytes = 100};
  RequestParser parser(limits);
  std::string unread = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  unread.erase(0, feed_all(parser, unread));
  unread = "1;" + std::string(10000, 'x');
  feed_all(parser, unread);
  EXPECT_EQ(parser.state(), State::failed);
}

TEST(RequestParser, KnowsWhoWaitsForContinue) {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n";
  RequestParser waiting({});
  feed_all(waiting, post + "Expect: 100-Continue\r\n\r\n");
  EXPECT_EQ(waiting.state(), State::body);
  EXPECT_TRUE(waiting.expects_continue());
  RequestParser not_waiting({});
  feed_all(not_waiting, post + "\r\n");
  EXPECT_FALSE(not_waiting.expects_continue());
  EXPECT_EQ(status_of(post + "Expect: tea\r\n\r\n"), 417);
}

TEST(RequestParser, KnowsWhetherTheConnectionIsKept) {
  const auto kept = [](std::string text) {
    RequestParser parser({});
    feed_all(parser, text);
    return parser.keep_alive();
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace innkeeper::http
