#include "web/next_path.h"

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

TEST(LocalPath, TakesPathsOfThisSite) {
  for (const char* path : {"/", "/account/sessions/", "/admin/sessions/?q=a%26b&validity=active"}) {
    EXPECT_EQ(local_path(path, "/home/"), path);
  }
}

TEST(LocalPath, TakesNothingThatLeavesTheSite) {
  for (const char* next :
       {"", "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
        "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)",
        "evil.example", " /x", "http:/evil.example", "/x y", "/\x7f", "/\xe2\x80\xae"}) {
    EXPECT_EQ(local_path(next, "/home/"), "/home/") << next;
  }
  EXPECT_EQ(local_path('/' + std::string(5000, 'a'), "/home/"), "/home/");
}

}  // namespace
}  // namespace innkeeper::web
