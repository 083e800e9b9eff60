#include <gtest/gtest.h>

#include "output/json_writer.h"
#include "output/stderr_log.h"
#include "output/terminal.h"

namespace innkeeper::app {
namespace {

TEST(Json, TextsAreEscapedToAscii) {
  JsonObject object;
  object.add("name", "Zoë \"Z\"\n")
      .add("number", std::int64_t{3})
      .add("none", std::optional<std::string>());
  EXPECT_EQ(object.text(), R"({"name":"Zo\u00eb \"Z\"\n","number":3,"none":null})");
}

TEST(Json, ALiteralIsATextAndNoTruth) { EXPECT_EQ(json("yes"), "\"yes\""); }

TEST(Json, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(json("a\xff"), R"("a\ufffd")");
  EXPECT_EQ(json("Zo\xc3\xab"), R"("Zo\u00eb")");
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCellCountedInCharacters) {
  EXPECT_EQ(table({"NAME", "PLACE"}, {{"Zoë", "Linköping"}, {"Ann-Marie", "Oslo"}}),
            "NAME       PLACE\nZoë        Linköping\nAnn-Marie  Oslo\n");
}

TEST(Table, AUserAgentCannotSteerTheTerminal) {
  EXPECT_EQ(table({"A"}, {{"x\x1b[2Jy\n"}}), "A\nx?[2Jy?\n");
}

TEST(Table, NorDoesItWithTheControlsOfLatin1OrTheOrderOfWriting) {
  // U+009B is ESC [ in one character; U+202E turns the rest of the line around.
  EXPECT_EQ(table({"A", "B"}, {{"x\u009b2Jy\u202ez", "c"}}), "A        B\nx?2Jy?z  c\n");
  EXPECT_EQ(table({"A"}, {{"x\xff\u2028y"}}), "A\nx??y\n");
}

TEST(Progress, TheBarIsThirtyCellsWhereThereIsRoom) {
  EXPECT_EQ(progress_line("Ending:", 3, 9, 80), "Ending: 3 of 9 [##########....................]");
  EXPECT_EQ(progress_line("Ending:", 3, 0, 80), "Ending: 3");
}

TEST(Progress, ANarrowTerminalGetsAShorterBarThenNoneThenACutLabel) {
  EXPECT_EQ(progress_line("Ending:", 5, 9, 28), "Ending: 5 of 9 [#####.....]");
  EXPECT_EQ(progress_line("Ending:", 5, 9, 22), "Ending: 5 of 9");
  EXPECT_EQ(progress_line("Zoës:", 5, 9, 11), "Zoë 5 of 9");
  EXPECT_EQ(progress_line("Ending:", 5, 9, 5), " 5 o");
}

TEST(Progress, IsNeverAsWideAsTheTerminal) {
  for (std::size_t columns = 1; columns < 100; ++columns)
    EXPECT_LT(progress_line("Ending sessions:", 123456, 1234567, columns).size(), columns);
  EXPECT_EQ(progress_line("Ending:", 5, 9, 0), "");
}

TEST(Progress, ALabelCannotSteerTheTerminal) {
  EXPECT_EQ(progress_line("\x1b[2J.mmdb:", 1, 0, 80), "?[2J.mmdb: 1");
}

TEST(StderrLog, ALineStaysOneLine) {
  testing::internal::CaptureStderr();
  make_stderr_log(LogLevel::info, LogFormat::text)
      ->write(LogLevel::warning, security_log, "a\nforged line");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("warning innkeeper.security: a\\x0aforged line\n"), std::string::npos)
      << text;
}

TEST(StderrLog, JsonIsOneObjectALine) {
  testing::internal::CaptureStderr();
  make_stderr_log(LogLevel::info, LogFormat::json)
      ->write(LogLevel::error, general_log, "say \"no\"");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find(R"("level":"error","channel":"innkeeper","message":"say \"no\""})"),
            std::string::npos)
      << text;
}

TEST(StderrLog, WhatIsLessImportantThanAskedForIsDropped) {
  testing::internal::CaptureStderr();
  make_stderr_log(LogLevel::warning, LogFormat::text)
      ->write(LogLevel::info, general_log, "chatter");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace innkeeper::app
