#include "device/client_hints.h"

#include <map>

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

std::string pack(const Headers& headers) {
  return pack_client_hints([&](std::string_view name) -> std::optional<std::string_view> {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second;
  });
}

const Headers chrome_on_windows_11{
    {"sec-ch-ua", R"("Google Chrome";v="118", "Not;A=Brand";v="99", "Chromium";v="118")"},
    {"sec-ch-ua-mobile", "?0"},
    {"sec-ch-ua-platform", R"("Windows")"},
    {"sec-ch-ua-platform-version", R"("15.0.0")"},
    {"sec-ch-ua-model", R"("")"},
    {"sec-ch-ua-full-version-list",
     R"("Google Chrome";v="118.0.5993.88", "Not;A=Brand";v="99.0.0.0", "Chromium";v="118.0.5993.88")"},
};

TEST(ClientHints, ArePackedInAFixedOrderAsTheyCame) {
  EXPECT_EQ(pack({{"sec-ch-ua-model", R"("")"},
                  {"sec-ch-ua-platform-version", R"("15.0.0")"},
                  {"sec-ch-ua-platform", R"("Windows")"}}),
            R"(platform="Windows"; platform-version="15.0.0"; model="")");
}

TEST(ClientHints, AreReadBackFromThePackedText) {
  const ClientHints hints = read_client_hints(pack(chrome_on_windows_11));
  EXPECT_EQ(hints.platform, "Windows");
  EXPECT_EQ(hints.platform_version, "15.0.0");
  EXPECT_EQ(hints.model, "");
  EXPECT_EQ(hints.brand, "Google Chrome");
  EXPECT_EQ(hints.full_version, "118.0.5993.88");
  EXPECT_EQ(hints.mobile, false);
}

TEST(ClientHints, OfARequestWithoutAnyAreEmpty) {
  EXPECT_EQ(pack({{"user-agent", "curl/8"}}), "");
  EXPECT_EQ(read_client_hints("").mobile, std::nullopt);
}

// A reader that cuts at every "; " takes the model from inside the quotes.
TEST(ClientHints, AreNotCutInsideQuotes) {
  const ClientHints hints =
      read_client_hints(R"(platform="a; model=\"x\"; mobile=?1"; model="Pixel 8")");
  EXPECT_EQ(hints.platform, R"(a; model="x"; mobile=?1)");
  EXPECT_EQ(hints.model, "Pixel 8");
  EXPECT_EQ(hints.mobile, std::nullopt);
}

TEST(ClientHints, ThatHaveNoRoomAreLeftOutWhole) {
  Headers headers = chrome_on_windows_11;
  headers["sec-ch-ua-model"] = '"' + std::string(600, 'm') + '"';
  const std::string packed = pack(headers);
  EXPECT_LE(packed.size(), client_hints_limit);
  const ClientHints hints = read_client_hints(packed);
  EXPECT_EQ(hints.model, "");
  EXPECT_EQ(hints.full_version, "118.0.5993.88");
}

TEST(ClientHints, WithBytesOutsideAsciiOrOpenQuotesAreLeftOut) {
  EXPECT_EQ(pack({{"sec-ch-ua-platform", "\"Wind\xc3\xb6ws\""},
                  {"sec-ch-ua-model", "\"open"},
                  {"sec-ch-ua-platform-version", "\"1\n2\""},
                  {"sec-ch-ua-mobile", "?1"}}),
            "mobile=?1");
}

TEST(ClientHints, PreferTheProductToItsEngineAndToMadeUpBrands) {
  EXPECT_EQ(
      read_client_hints(R"(brands="Chromium";v="118", "Brave";v="118", "Not?A_Brand";v="8")").brand,
      "Brave");
  EXPECT_EQ(read_client_hints(R"(brands="Not?A_Brand";v="8", "Chromium";v="118")").brand,
            "Chromium");
}

TEST(ClientHints, ThatAreNonsenseAreAbsent) {
  for (const char* text : {"=", "\"", "\\", "; ; ;", "platform", "platform=", "mobile=?2",
                           "brands=,,,", "brands=\"", "full-version-list=;v=", "platform=\"\\"}) {
    const ClientHints hints = read_client_hints(text);
    EXPECT_EQ(hints.model, "") << text;
    EXPECT_EQ(hints.mobile, std::nullopt) << text;
  }
}

TEST(ClientHints, AskForWhatIsPacked) {
  EXPECT_NE(accept_ch().find("Sec-CH-UA-Platform-Version"), std::string_view::npos);
  EXPECT_NE(accept_ch().find("Sec-CH-UA-Model"), std::string_view::npos);
  EXPECT_NE(accept_ch().find("Sec-CH-UA-Full-Version-List"), std::string_view::npos);
}

}  // namespace
}  // namespace innkeeper::device
