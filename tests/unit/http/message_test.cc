#include "http/message.h"

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

TEST(Request, FindsHeadersWithoutRegardToCase) {
  Request request;
  request.headers = {{"x-forwarded-for", "1.2.3.4"}, {"X-Forwarded-For", "5.6.7.8"}};
  EXPECT_EQ(request.header("X-FORWARDED-FOR"), "1.2.3.4");
  EXPECT_EQ(request.joined_header("X-Forwarded-For"), "1.2.3.4, 5.6.7.8");
  EXPECT_EQ(request.header("X-Forwarded"), std::nullopt);
  EXPECT_EQ(request.joined_header("Accept"), "");
}

TEST(Request, DecodesItsQuery) {
  Request request;
  request.query = "q=a%26b&page=2&q=second";
  EXPECT_EQ(request.query_value("q"), "a&b");
  EXPECT_EQ(request.query_value("none"), std::nullopt);
}

TEST(Request, ReadsFormValuesOnlyFromAForm) {
  Request request;
  request.body = "id=1&id=2";
  EXPECT_EQ(request.form_value("id"), std::nullopt);
  request.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(request.form_value("id"), std::nullopt);
  request.headers = {{"Content-Type", "Application/x-www-form-urlencoded ; charset=utf-8"}};
  EXPECT_EQ(request.form_values("id"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(request.form_value("id"), "1");
}

TEST(Request, FindsACookieInAnyCookieHeader) {
  Request request;
  request.headers = {{"Cookie", "a=1"}, {"cookie", "b=2"}};
  EXPECT_EQ(request.cookie("b"), "2");
  request.headers.emplace_back("Cookie", "b=3");
  EXPECT_EQ(request.cookie("b"), "3") << "the last, as Django takes it";
  EXPECT_EQ(request.cookie("c"), std::nullopt);
}

TEST(Response, SetsReplacesAndAddsHeaders) {
  Response response = Response::html("<p>");
  response.set_header("content-type", "text/plain");
  response.add_header("Set-Cookie", "a=1");
  response.add_header("Set-Cookie", "b=2");
  EXPECT_EQ(response.header("Content-Type"), "text/plain");
  EXPECT_EQ(response.headers.size(), 3u);
}

TEST(Response, RedirectsWithSeeOther) {
  const Response response = Response::redirect("/signin/");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.header("Location"), "/signin/");
}

}  // namespace
}  // namespace innkeeper::http
