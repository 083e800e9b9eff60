// Texts that nobody's browser sends.
#include <ctime>

#include <gtest/gtest.h>

#include "tests/unit/device/helpers.h"

namespace innkeeper::device {
namespace {

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

TEST(HostileText, OfAnyBytesGivesAResult) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_NE(shared_reader().read(std::string(300, static_cast<char>(byte))), nullptr);
  }
  EXPECT_EQ(read(std::string_view()).text(), "Other / Other / Other");
}

TEST(HostileText, OfAMegabyteIsReadByItsBeginning) {
  EXPECT_EQ(read(chrome_on_windows + std::string(1'000'000, ' ')).browser.family, "Chrome");
}

TEST(HostileText, LeavesNoControlCharactersInTheResult) {
  const Device device = read(
      std::string_view("Mozilla/5.0 (Linux; Android 10; \x1b[31m\0X) Mobile Safari/537.36", 57));
  for (const char c : device.text()) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
}

TEST(HostileText, ThatIsNotUtf8GivesTextThatIs) {
  const Device device = read(
      "Mozilla/5.0 (Linux; Android 10; Caf\xe9 Phone) AppleWebKit/537.36 "
      "Chrome/118.0.0.0 Mobile Safari/537.36");
  EXPECT_NE(device.hardware.family.find("Caf\xef\xbf\xbd"), std::string::npos)
      << device.hardware.family;
}

TEST(HostileText, ThatLooksLikeAReplacementIsOnlyText) {
  EXPECT_NE(read("Mozilla/5.0 (Linux; Android 10; $1$2$9) AppleWebKit/537.36 Chrome/118.0.0.0 "
                 "Mobile Safari/537.36")
                .hardware.family.find("$1$2$9"),
            std::string::npos);
}

// The processor's time: the wall clock would measure what else the machine does.
double seconds_of_this_thread() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Parts of the rules' own patterns, repeated: they reach the confirming engine and make it
// backtrack. A second is far above what they take and far below what they would take without
// limits.
TEST(HostileText, MadeToBacktrackIsReadInBoundedTime) {
  for (const char* part :
       {"Android ", "; Build/", "Mozilla/5.0 (", "bot", "Mobile Safari; ", "a/1.1.1.1.1 CFNetwork ",
        "Android Application - a b - ", "SmartWatch ( ; ; ;", "Windows Phone Nokia Samsung bot/1",
        "iPhone Googlebot .html", "Linux; U; Android 1; en-us; ", "x.x-x_x/1 ", "(a;a;a;",
        "1.1."}) {
    const std::string text = repeated(part, 1024);
    const double start = seconds_of_this_thread();
    forgetful_reader().read(text);
    forgetful_reader().read("Mozilla/5.0 (Linux; Android 10; " + text);
    EXPECT_LT(seconds_of_this_thread() - start, 1.0) << part;
  }
}

TEST(HostileText, InHintsGivesAResult) {
  EXPECT_NE(shared_reader().read(frozen_phone, std::string(10'000, '"')), nullptr);
  const Device device =
      read(frozen_phone, "model=\"\x1b[0m\\\"); Chrome/99\"; platform=\"Android\"");
  for (const char c : device.text()) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
}

}  // namespace
}  // namespace innkeeper::device
