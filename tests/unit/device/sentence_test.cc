// The two texts of a device: qsessions' and the one for people.
#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

TEST(Text, IsTheOneThatQsessionsPrints) {
  EXPECT_EQ(read(frozen_phone).text(), "K / Android 10 / Chrome Mobile 118.0.0.0");
  EXPECT_EQ(read("").text(), "Other / Other / Other");
}

TEST(Text, HasNoBlankAfterANameWithoutVersion) {
  EXPECT_EQ(read("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0").text(),
            "Other / Linux / Firefox 128.0");
}

TEST(Sentence, NamesBrowserAndSystem) {
  EXPECT_EQ(read(frozen_phone).sentence(), "Chrome Mobile 118 on Android 10");
  EXPECT_EQ(read("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                 "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
                .sentence(),
            "Mobile Safari 17 on iOS 17");
}

TEST(Sentence, LeavesOutAVersionThatBrowsersFreeze) {
  EXPECT_EQ(read("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0")
                .sentence(),
            "Firefox 128 on Windows");
  EXPECT_EQ(read(chrome_on_mac).sentence(), "Chrome 118 on macOS");
}

TEST(Sentence, NamesAVersionThatAHintTells) {
  EXPECT_EQ(read(chrome_on_windows, R"(platform="Windows"; platform-version="15.0.0")").sentence(),
            "Chrome 118 on Windows 11");
  EXPECT_EQ(read(chrome_on_mac, R"(platform="macOS"; platform-version="14.5.0")").sentence(),
            "Chrome 118 on macOS 14");
}

TEST(Sentence, OfABotIsItsNameAlone) {
  EXPECT_EQ(
      read("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").sentence(),
      "Googlebot 2.1");
}

TEST(Sentence, OfAProgramIsItsName) { EXPECT_EQ(read("curl/8.10.1").sentence(), "curl 8"); }

TEST(Sentence, OfNothingKnownSaysSo) {
  EXPECT_EQ(read("").sentence(), "Unknown device");
  EXPECT_EQ(read("qwerty").sentence(), "Unknown device");
  Device windows;
  windows.system = {"Windows", "7", "", "", ""};
  EXPECT_EQ(windows.sentence(), "Unknown browser on Windows 7");
  Device handset;
  handset.hardware = {"Nokia 3310", "Nokia", "3310"};
  EXPECT_EQ(handset.sentence(), "Nokia 3310");
}

TEST(Description, HasTheParts) {
  using Form = Description::Form;
  const Description phone = read(frozen_phone).description();
  EXPECT_EQ(phone.form, Form::browser_on_system);
  EXPECT_EQ(phone.browser, "Chrome Mobile 118");
  EXPECT_EQ(phone.system, "Android 10");
  EXPECT_EQ(read("").description().form, Form::unknown_device);
  EXPECT_EQ(to_string(Form::unknown_browser_on_system), "unknown browser on system");
}

TEST(SameDevice, IsOneOfTheSameNamesWhateverItsVersions) {
  const auto firefox = [](std::string version, std::string system) {
    return read("Mozilla/5.0 (" + system + "; rv:" + version + ") Gecko/20100101 Firefox/" +
                version);
  };
  const std::string linux = "X11; Linux x86_64";
  EXPECT_TRUE(same_device(firefox("128.0", linux), firefox("131.0", linux)));
  EXPECT_FALSE(
      same_device(firefox("128.0", linux), firefox("128.0", "Windows NT 10.0; Win64; x64")));
  EXPECT_FALSE(same_device(firefox("128.0", linux), read(frozen_phone)));
}

}  // namespace
}  // namespace innkeeper::device
