// The terminal, where there is one: questions, passwords without echo, a progress bar, tables.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace innkeeper::app {

bool input_is_terminal();
bool output_is_terminal();

// A line of standard input after `question` on standard error; nothing at its end.
std::optional<std::string> ask(std::string_view question);

// The same without echo where the input is a terminal; the terminal is put right again even if a
// signal ends the program meanwhile.
std::optional<Secret> ask_secret(std::string_view question);

// Whether the answer is yes ("y", "yes"); everything else, the end of the input too, is no.
bool confirm(std::string_view question);

// "LABEL 3 of 9 [###......]" in fewer than `columns`, so that a terminal so wide neither wraps nor
// scrolls: the bar is made shorter, then left out, then the label is cut. `total` 0: not known,
// only the number is shown. Control characters become '?'.
std::string progress_line(std::string_view label, std::uint64_t done, std::uint64_t total,
                          std::size_t columns);

// A bar on standard error, as wide as its window at that moment allows, drawn at most ten times a
// second and only where that is a terminal; wiped when it goes.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  bool visible() const { return m_visible; }
  // `total` 0: not known, only the number is shown.
  void show(std::uint64_t done, std::uint64_t total);

 private:
  std::string m_label;
  bool m_visible;
  bool m_drawn = false;
  std::chrono::steady_clock::time_point m_last{};
};

// Columns as wide as their widest cell, counted in characters; what is not plain (plain_text.h)
// becomes '?', so that a visitor's User-Agent, or a user's name, cannot steer the operator's
// terminal.
std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows);

}  // namespace innkeeper::app
