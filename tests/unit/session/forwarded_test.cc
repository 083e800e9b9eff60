#include "session/forwarded.h"

#include <vector>

#include <gtest/gtest.h>

namespace innkeeper::session {
namespace {

std::vector<std::string_view> elements_from_the_right(std::string_view list) {
  std::vector<std::string_view> elements;
  while (!list.empty()) elements.push_back(take_last_element(list));
  return elements;
}

TEST(Forwarded, IsCutAtCommasFromTheRight) {
  using Elements = std::vector<std::string_view>;
  EXPECT_EQ(elements_from_the_right("for=a, for=b,for=c"), (Elements{"for=c", " for=b", "for=a"}));
  EXPECT_EQ(elements_from_the_right("for=\"a,b\",for=c"), (Elements{"for=c", "for=\"a,b\""}));
  EXPECT_EQ(elements_from_the_right(R"(for=a,x="\",";for=b)"),
            (Elements{R"(x="\",";for=b)", "for=a"}));
}

// What a client sends stands left of what the proxy appended, and must not reach into it.
TEST(Forwarded, KeepsTheLastElementFromAnOpenQuoteBeforeIt) {
  std::string_view list = "for=6.6.6.6;x=\", for=203.0.113.7";
  EXPECT_EQ(take_last_element(list), " for=203.0.113.7");
  list = "for=6.6.6.6;x=\", for=\"[2001:db8::7]:1\"";
  EXPECT_EQ(take_last_element(list), " for=\"[2001:db8::7]:1\"");
  list = "for=6.6.6.6;x=\"\\, for=203.0.113.7";
  EXPECT_EQ(take_last_element(list), " for=203.0.113.7");
}

std::optional<std::string> for_node(std::string_view element) { return parameter(element, "for"); }

TEST(ForNode, ReadsTheExamplesOfTheRfc) {
  EXPECT_EQ(for_node("for=\"_gazonk\""), "_gazonk");
  EXPECT_EQ(for_node("For=\"[2001:db8:cafe::17]:4711\""), "[2001:db8:cafe::17]:4711");
  EXPECT_EQ(for_node("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
  EXPECT_EQ(for_node(" proto=https ; FOR=unknown "), "unknown");
}

TEST(ForNode, ForgivesMissingQuotes) {
  EXPECT_EQ(for_node("for=[2001:db8::1]:80"), "[2001:db8::1]:80");
  EXPECT_EQ(for_node("for=192.0.2.60:80"), "192.0.2.60:80");
}

TEST(ForNode, UnescapesQuotedText) { EXPECT_EQ(for_node(R"(for="a\"b\\")"), R"(a"b\)"); }

TEST(ForNode, RefusesWhatIsNotWellFormed) {
  for (const char* element :
       {"", " ", "192.0.2.60", "for", "for=", "for =1.2.3.4", "for= 1.2.3.4", "=1.2.3.4",
        "by=1.2.3.4", "for=1.2.3.4;", "for=1.2.3.4;;by=x", "for=1.2.3.4 x", "for=\"1.2.3.4",
        "for=\"1.2.3.4\\", "for=\"1.2.3.4\"x", "for=1.2.3.4;for=5.6.7.8", "for=1.2.3.4;by=\"",
        "for=1.2.3.4/8", "for=1.2.3.4;b\ny=1"}) {
    EXPECT_FALSE(for_node(element)) << element;
  }
}

TEST(Parameter, IsTheOneOfThatName) {
  EXPECT_EQ(parameter("for=1.2.3.4;PROTO=https;by=x", "proto"), "https");
  EXPECT_EQ(parameter("for=1.2.3.4;proto=\"http\"", "proto"), "http");
  for (const char* element : {"for=1.2.3.4", "proto=a;proto=a", "protocol=https", "pro=to=https"})
    EXPECT_FALSE(parameter(element, "proto")) << element;
}

}  // namespace
}  // namespace innkeeper::session
