#include "http/work.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper::http {
namespace {

class LinesLog final : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view line) noexcept override {
    lines.emplace_back(line);
  }
  std::vector<std::string> lines;
};

Request a_request() {
  Request request;
  request.method = "GET";
  request.path = "/page";
  request.query = "token=private";
  return request;
}

const std::vector<Header> own_headers{{"X-Frame-Options", "DENY"}};

template <class Exception>
Answer answer_to(const Exception& thrown, Log& log) {
  return answer_request([&](const Request&, Context&) -> Response { throw thrown; }, a_request(),
                        {.own_headers = &own_headers}, log);
}

TEST(AnswerRequest, HidesWhatWentWrongFromTheClient) {
  LinesLog log;
  const Answer answer = answer_to(Error("disk /srv/secret is on fire"), log);
  EXPECT_TRUE(answer.bytes.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(answer.bytes.find("fire"), std::string::npos);
  EXPECT_TRUE(answer.keep_alive);
  EXPECT_EQ(log.lines, std::vector<std::string>{"GET /page: disk /srv/secret is on fire"});
}

TEST(AnswerRequest, AsksToComeBackWhereTryingAgainCanHelp) {
  LinesLog log;
  const Answer answer = answer_to(StoreError(StoreError::Kind::locked, "busy"), log);
  EXPECT_TRUE(answer.bytes.starts_with("HTTP/1.1 503 "));
  EXPECT_NE(answer.bytes.find("Retry-After: "), std::string::npos);
  EXPECT_NE(answer.bytes.find("X-Frame-Options: DENY\r\n"), std::string::npos);
}

TEST(AnswerRequest, SurvivesWhatIsNoException) {
  LinesLog log;
  EXPECT_TRUE(answer_to(42, log).bytes.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(log.lines.size(), 1u);
}

TEST(AnswerRequest, SendsNoHeaderThatAnInputBroke) {
  LinesLog log;
  const Answer answer = answer_request(
      [](const Request&, Context&) { return Response::redirect("/a\r\nSet-Cookie: stolen=1"); },
      a_request(), {}, log);
  EXPECT_TRUE(answer.bytes.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(answer.bytes.find("stolen"), std::string::npos);
}

TEST(AnswerRequest, LeavesTheHeadersOfAnAnswerToItsHandler) {
  LinesLog log;
  const Answer answer =
      answer_request([](const Request&, Context&) { return Response::text("hi"); }, a_request(),
                     {.own_headers = &own_headers}, log);
  EXPECT_EQ(answer.bytes.find("X-Frame-Options"), std::string::npos);
}

}  // namespace
}  // namespace innkeeper::http
