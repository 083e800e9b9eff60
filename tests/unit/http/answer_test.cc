#include "http/answer.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "http/date.h"

namespace innkeeper::http {
namespace {

const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";

TEST(HttpDate, IsWrittenAsTheStandardsExample) {
  using namespace std::chrono;
  EXPECT_EQ(http_date(sys_days(year(1994) / 11 / 6) + 8h + 49min + 37s + 999ms), date);
}

TEST(HttpDate, NeverGoesBeyondFourDigits) {
  EXPECT_EQ(http_date(Time::max()), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(Answer, CarriesStatusDateLengthHeadersAndBody) {
  EXPECT_EQ(format_answer(Response::text("hi", 404), {.date = date}),
            "HTTP/1.1 404 Not Found\r\nDate: " + date +
                "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(Answer, TellsHeadTheLengthWithoutTheBody) {
  const std::string text = format_answer(Response::text("hello"), {.head = true, .date = date});
  EXPECT_NE(text.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(Answer, ToNotModifiedHasNeitherBodyNorLength) {
  Response response = Response::text("never sent", 304);
  const std::string text = format_answer(response, {.date = date});
  EXPECT_EQ(text.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(Answer, SaysWhetherTheConnectionIsKept) {
  const Response response;
  EXPECT_NE(format_answer(response, {.keep_alive = false, .date = date}).find("Connection: close"),
            std::string::npos);
  EXPECT_EQ(format_answer(response, {.date = date}).find("Connection"), std::string::npos);
  EXPECT_NE(format_answer(response, {.http_1_0 = true, .date = date}).find("keep-alive"),
            std::string::npos);
}

TEST(Answer, LetsNoHandlerFrameTheMessage) {
  Response response = Response::text("hi");
  response.add_header("Content-length", "500");
  response.add_header("Transfer-Encoding", "chunked");
  const std::string text = format_answer(response, {.date = date});
  EXPECT_EQ(text.find("500"), std::string::npos);
  EXPECT_EQ(text.find("chunked"), std::string::npos);
}

TEST(Answer, RefusesAHeaderThatWouldBreakTheMessage) {
  for (const char* value : {"/a\r\nSet-Cookie: a=b", "/a\nb", "\x7f", "\x01"}) {
    EXPECT_THROW(format_answer(Response::redirect(value), {.date = date}), Error) << value;
  }
  Response response;
  response.add_header("Bad Name", "x");
  EXPECT_THROW(format_answer(response, {.date = date}), Error);
}

}  // namespace
}  // namespace innkeeper::http
