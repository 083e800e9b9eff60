#include "web/templates.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "web/assets.h"

namespace innkeeper::web {
namespace {

TEST(Templates, EscapeByDefault) {
  View view;
  view.text("heading", "<script>alert('\"&\")</script>");
  const std::string page = Templates().render("error", view);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&apos;&quot;&amp;&quot;)"), std::string::npos);
}

TEST(Templates, NeverAskForUnescapedText) {
  for (const Asset& one : assets()) {
    EXPECT_EQ(one.content.find("{{{"), std::string_view::npos) << one.name;
    EXPECT_EQ(one.content.find("{{&"), std::string_view::npos) << one.name;
  }
}

// The content policy forbids them, so a page that had one would be broken.
TEST(Templates, HaveNeitherScriptNorInlineStyle) {
  for (const Asset& one : assets()) {
    for (const char* forbidden :
         {"<script", "style=\"", "<style", " onclick", "javascript:", "http://", "https://"}) {
      EXPECT_EQ(one.content.find(forbidden), std::string_view::npos) << one.name << forbidden;
    }
  }
}

TEST(Templates, EveryPostCarriesAToken) {
  for (const Asset& one : assets()) {
    std::size_t at = 0;
    while ((at = one.content.find("method=\"post\"", at)) != std::string_view::npos) {
      const std::size_t end = one.content.find("</form>", at);
      EXPECT_NE(one.content.substr(at, end - at).find("name=\"csrf_token\""),
                std::string_view::npos)
          << one.name;
      at = end;
    }
  }
}

TEST(Templates, AreFoundByName) { EXPECT_THROW(Templates().render("none", View()), Error); }

TEST(View, RendersAListAndItsFlags) {
  std::vector<View> chips;
  chips.push_back(std::move(View().text("label", "one").text("url", "/1")));
  chips.push_back(std::move(View().text("label", "two").text("url", "/2")));
  View view;
  view.flag("has_chips", true).list("chips", std::move(chips)).maybe("none", "");
  const std::string page = Templates().render("session_list", view);
  EXPECT_NE(page.find("href=\"/1\""), std::string::npos);
  EXPECT_NE(page.find("href=\"/2\""), std::string::npos);
  EXPECT_EQ(page.find("No sessions yet"), std::string::npos);
}

}  // namespace
}  // namespace innkeeper::web
