// What the tests of the site over real connections share.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "support/browser.h"
#include "support/site.h"

namespace innkeeper::test {

inline const std::string chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Safari/537.36";

// The first public id in a page's links to `prefix`; empty where there is none.
inline std::string id_in(const Page& page, const std::string& prefix) {
  const std::string start = "href=\"" + prefix;
  for (std::size_t at = page.body.find(start); at != std::string::npos;
       at = page.body.find(start, at + 1)) {
    const std::string id = page.body.substr(at + start.size(), 40);
    if (session::SessionId::parse(id)) return id;
  }
  return "";
}

class WebSite : public testing::Test {
 protected:
  Browser browser(const std::string& agent =
                      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "
                      "Gecko/20100101 Firefox/128.0") {
    return Browser(m_site.port(), agent);
  }
  Browser signed_in(const std::string& name, const std::string& agent = chrome) {
    Browser browser(m_site.port(), agent);
    EXPECT_EQ(browser.sign_in(name, "correct horse").status, 303);
    return browser;
  }
  std::int64_t sessions() { return m_site.engine().count({}, 1000); }

  Site m_site;
};

}  // namespace innkeeper::test
