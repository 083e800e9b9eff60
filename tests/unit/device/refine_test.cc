// What client hints correct in what a frozen User-Agent says.
#include "device/refine.h"

#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

TEST(Hints, TellWindows11From10) {
  EXPECT_EQ(read(chrome_on_windows).system, (System{"Windows", "10", "", "", ""}));
  EXPECT_EQ(read(chrome_on_windows, R"(platform="Windows"; platform-version="15.0.0")").system,
            (System{"Windows", "11", "", "", ""}));
  EXPECT_EQ(
      read(chrome_on_windows, R"(platform="Windows"; platform-version="13.0.0")").system.major,
      "11");
  EXPECT_EQ(
      read(chrome_on_windows, R"(platform="Windows"; platform-version="10.0.0")").system.major,
      "10");
}

TEST(Hints, GiveAPhoneItsModelAndVersion) {
  const Device device = read(
      frozen_phone,
      R"(platform="Android"; platform-version="14.0.0"; model="SM-S918B"; mobile=?1; full-version-list="Google Chrome";v="118.0.5993.80")");
  EXPECT_EQ(device.hardware, (Hardware{"Samsung SM-S918B", "Samsung", "SM-S918B"}));
  EXPECT_EQ(device.system, (System{"Android", "14", "", "", ""}));
  EXPECT_EQ(device.text(), "Samsung SM-S918B / Android 14 / Chrome Mobile 118.0.5993.80");
}

TEST(Hints, LeaveAModelThatTheUserAgentNames) {
  const std::string pixel =
      "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/114.0.0.0 Mobile Safari/537.36";
  EXPECT_EQ(read(pixel, R"(platform="Android"; model="Other")").hardware.family, "Pixel 7");
}

TEST(Hints, GiveMacOsItsRealVersion) {
  EXPECT_EQ(read(chrome_on_mac, R"(platform="macOS"; platform-version="14.5.0")").system,
            (System{"Mac OS X", "14", "5", "", ""}));
}

TEST(Hints, GiveABrowserThatHidesBehindChromeItsName) {
  EXPECT_EQ(read(chrome_on_windows,
                 R"(full-version-list="Brave";v="118.0.0.0", "Chromium";v="118.0.0.0")")
                .browser.family,
            "Brave");
}

TEST(Hints, ThatContradictTheUserAgentChangeNothing) {
  EXPECT_EQ(read(chrome_on_windows, R"(platform="macOS"; platform-version="14.5.0")"),
            read(chrome_on_windows));
  EXPECT_EQ(read(chrome_on_windows, R"(full-version-list="Google Chrome";v="99.1.2.3")"),
            read(chrome_on_windows));
  EXPECT_EQ(read(chrome_on_windows, R"(platform="Windows"; platform-version="eleven")"),
            read(chrome_on_windows));
}

TEST(Hints, OfTheSameUserAgentAreRememberedApart) {
  EXPECT_EQ(read(frozen_phone, R"(model="Pixel 8"; platform="Android")").hardware.family,
            "Pixel 8");
  EXPECT_EQ(read(frozen_phone, R"(model="Pixel 9"; platform="Android")").hardware.family,
            "Pixel 9");
  EXPECT_EQ(read(frozen_phone).hardware.family, "K");
}

TEST(Hints, DecideBetweenPhoneAndTablet) {
  EXPECT_EQ(read(frozen_phone, "mobile=?0").kind, Kind::tablet);
  EXPECT_EQ(read(frozen_tablet, "mobile=?1").kind, Kind::phone);
}

}  // namespace
}  // namespace innkeeper::device
