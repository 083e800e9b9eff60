#include "device/kind.h"

#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

TEST(Kind, HasAName) {
  EXPECT_EQ(to_string(Kind::desktop), "desktop");
  EXPECT_EQ(to_string(Kind::other), "other");
}

TEST(Kind, OfAComputerIsDesktop) {
  EXPECT_EQ(read(chrome_on_windows).kind, Kind::desktop);
  EXPECT_EQ(read(chrome_on_mac).kind, Kind::desktop);
  EXPECT_EQ(read("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0").kind,
            Kind::desktop);
  EXPECT_EQ(read("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
                 "Chrome/131.0.0.0 Safari/537.36")
                .kind,
            Kind::desktop);
}

TEST(Kind, OfAHandheldIsPhoneOrTablet) {
  EXPECT_EQ(read(frozen_phone).kind, Kind::phone);
  EXPECT_EQ(read(frozen_tablet).kind, Kind::tablet);
  EXPECT_EQ(read("Mozilla/5.0 (Android 13; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0").kind,
            Kind::tablet);
  EXPECT_EQ(read("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                 "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
                .kind,
            Kind::phone);
  EXPECT_EQ(read("Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                 "Gecko) Version/17.4 Mobile/15E148 Safari/604.1")
                .kind,
            Kind::tablet);
}

// Googlebot's smartphone text says Android and Mobile, too.
TEST(Kind, OfABotIsBotWhateverElseItSays) {
  EXPECT_EQ(read("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 "
                 "(KHTML, like Gecko) Chrome/131.0.6778.139 Mobile Safari/537.36 (compatible; "
                 "Googlebot/2.1; +http://www.google.com/bot.html)")
                .kind,
            Kind::bot);
}

TEST(Kind, OfTelevisionsConsolesAndProgramsIsOther) {
  for (const char* text :
       {"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
        "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH22 Build/STT1.230316.001) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/112.0.5615.48 Safari/537.36",
        "Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/15.4 Safari/605.1.15",
        "curl/8.10.1", "python-requests/2.32.3", "", "qwerty"}) {
    EXPECT_EQ(read(text).kind, Kind::other) << text;
  }
}

// Of the browsers of data/demo, none that a person would name stays "other".
TEST(Kind, IsKnownForEveryTextOfTheDemoThatNamesAComputerOrPhone) {
  std::ifstream in(std::string(INNKEEPER_TEST_DATA) + "/../../data/demo/user_agents.txt");
  int texts = 0;
  for (std::string text; std::getline(in, text); ++texts) {
    for (const char* sign :
         {"Windows NT 10.0; Win64; x64)", "Macintosh", "iPhone OS", "Android 14"}) {
      if (text.find(sign) == text.npos || text.starts_with("Mozilla") == false) continue;
      EXPECT_NE(read(text).kind, Kind::other) << text;
    }
  }
  EXPECT_GE(texts, 300);
}

}  // namespace
}  // namespace innkeeper::device
