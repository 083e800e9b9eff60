#include "http/handler.h"

#include <gtest/gtest.h>

namespace innkeeper::http {
namespace {

Request get(std::string path, std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

Handler says(std::string text) {
  return [text](const Request&, Context&) { return Response::text(text); };
}

// Writes its letter before and after what it wraps.
class Letter final : public Middleware {
 public:
  Letter(std::string letter, std::string& trace) : m_letter(std::move(letter)), m_trace(trace) {}
  std::string_view name() const override { return m_letter; }
  Response handle(const Request& request, Context& context, const Handler& next) const override {
    m_trace += m_letter;
    Response response = next(request, context);
    m_trace += m_letter;
    return response;
  }

 private:
  std::string m_letter;
  std::string& m_trace;
};

TEST(Chain, RunsTheFirstPlaceOutermost) {
  std::string trace;
  const Handler handler = chain({{std::make_shared<Letter>("a", trace), "outside"},
                                 {std::make_shared<Letter>("b", trace), "inside"}},
                                says("x"));
  Context context;
  EXPECT_EQ(handler(get("/"), context).body, "x");
  EXPECT_EQ(trace, "abba");
}

TEST(Context, KeepsOneValueOfEachType) {
  Context context;
  EXPECT_EQ(context.get<int>(), nullptr);
  context.put(std::make_shared<int>(7));
  context.put(std::make_shared<std::string>("seven"));
  EXPECT_EQ(*context.get<int>(), 7);
  EXPECT_EQ(*context.get<std::string>(), "seven");
}

TEST(Router, MatchesWholeSegments) {
  Router router;
  router.add("GET", "/", says("root"));
  router.add("GET", "/account/sessions/", says("list"));
  router.add("GET", "/account/sessions/{id}/", says("one"));
  Context context;
  EXPECT_EQ(router.route(get("/"), context).body, "root");
  EXPECT_EQ(router.route(get("/account/sessions/"), context).body, "list");
  EXPECT_EQ(router.route(get("/account/sessions/abc/"), context).body, "one");
  EXPECT_EQ(context.path_values["id"], "abc");
  for (const char* path :
       {"/account/sessions", "/account/sessions//", "/account", "//", "/account/sessions/a/b/"}) {
    EXPECT_EQ(router.route(get(path), context).status, 404) << path;
  }
}

TEST(Router, DecodesAValueInFull) {
  Router router;
  router.add("GET", "/user/{name}", says("user"));
  Context context;
  EXPECT_EQ(router.route(get("/user/a%2Fb%25"), context).status, 200);
  EXPECT_EQ(context.path_values["name"], "a/b%");
}

TEST(Router, SaysWhichMethodsThereAre) {
  Router router;
  router.add("GET", "/a", says("got"));
  router.add("POST", "/a", says("posted"));
  Context context;
  const Response response = router.route(get("/a", "DELETE"), context);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST");
  router.add("GET", "/{name}", says("named"));
  EXPECT_EQ(router.route(get("/a", "DELETE"), context).header("Allow"), "GET, HEAD, POST");
}

TEST(Router, ServesHeadByGet) {
  Router router;
  router.add("POST", "/a", says("posted"));
  router.add("GET", "/a", says("got"));
  Context context;
  EXPECT_EQ(router.route(get("/a", "HEAD"), context).body, "got");
}

}  // namespace
}  // namespace innkeeper::http
