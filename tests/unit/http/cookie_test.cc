#include "http/cookie.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper::http {
namespace {

SetCookie session_cookie() {
  SetCookie cookie;
  cookie.name = "sessionid";
  cookie.value = "abc";
  return cookie;
}

TEST(FindCookie, ReadsOneAmongSeveral) {
  EXPECT_EQ(find_cookie("a=1; sessionid=xyz; b=2", "sessionid"), "xyz");
  EXPECT_EQ(find_cookie("sessionid=xyz", "sessionid"), "xyz");
  EXPECT_EQ(find_cookie("a=1;sessionid = xyz ;b", "sessionid"), "xyz");
}

// As Django: one browser must be one session to both.
TEST(FindCookie, TakesTheLastOfAName) { EXPECT_EQ(find_cookie("a=1; a=2; b=3", "a"), "2"); }

TEST(FindCookie, ComparesWholeNamesWithTheirCase) {
  EXPECT_EQ(find_cookie("xsessionid=1; sessionid2=2; Sessionid=3", "sessionid"), std::nullopt);
}

TEST(FindCookie, KeepsEqualsSignsInTheValue) { EXPECT_EQ(find_cookie("a=b=c==", "a"), "b=c=="); }

TEST(FindCookie, FindsNothingInJunk) {
  for (const char* header : {"", ";", ";;;=", "=", "a", "a;", " ; =x", "\xff\xfe"}) {
    EXPECT_EQ(find_cookie(header, "a"), std::nullopt) << header;
  }
  EXPECT_EQ(find_cookie("a=", "a"), "");
}

TEST(FormatSetCookie, WritesExpiresBesideMaxAge) {
  SetCookie cookie = session_cookie();
  cookie.max_age = Seconds(1209600);
  cookie.secure = true;
  const Time now = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1);
  EXPECT_EQ(format_set_cookie(cookie, now),
            "sessionid=abc; Expires=Tue, 15 Jan 2030 00:00:00 GMT; Max-Age=1209600; Path=/; "
            "Secure; HttpOnly; SameSite=Lax");
}

TEST(FormatSetCookie, LeavesTheEndToTheBrowserWithoutAnAge) {
  EXPECT_EQ(format_set_cookie(session_cookie(), Time{}),
            "sessionid=abc; Path=/; HttpOnly; SameSite=Lax");
}

TEST(FormatSetCookie, RefusesWhatWouldBreakTheHeader) {
  const auto refused = [](auto change) {
    SetCookie cookie = session_cookie();
    change(cookie);
    EXPECT_THROW(format_set_cookie(cookie, Time{}), Error);
  };
  refused([](SetCookie& cookie) { cookie.name = ""; });
  refused([](SetCookie& cookie) { cookie.name = "a b"; });
  refused([](SetCookie& cookie) { cookie.value = "a;Domain=evil.example"; });
  refused([](SetCookie& cookie) { cookie.value = "a\r\nX: y"; });
  refused([](SetCookie& cookie) { cookie.domain = "a;b"; });
  refused([](SetCookie& cookie) { cookie.path = "/;x"; });
  refused([](SetCookie& cookie) { cookie.same_site = "Lax; Secure"; });
}

TEST(FormatDeleteCookie, IsPastForEveryClock) {
  SetCookie cookie = session_cookie();
  cookie.domain = "example.org";
  EXPECT_EQ(format_delete_cookie(cookie),
            "sessionid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Domain=example.org; "
            "Path=/; HttpOnly; SameSite=Lax");
}

}  // namespace
}  // namespace innkeeper::http
