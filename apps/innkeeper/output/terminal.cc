#include "output/terminal.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "output/plain_text.h"

namespace innkeeper::app {
namespace {

// For the signal handler, which can reach nothing else.
termios saved_terminal;

void restore_and_die(int signal) {
  tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// No echo while it lives.
class QuietTerminal {
 public:
  QuietTerminal() {
    tcgetattr(STDIN_FILENO, &saved_terminal);
    for (std::size_t i = 0; i < std::size(m_signals); ++i)
      m_before[i] = std::signal(m_signals[i], restore_and_die);
    termios quiet = saved_terminal;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~QuietTerminal() {
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
    for (std::size_t i = 0; i < std::size(m_signals); ++i) std::signal(m_signals[i], m_before[i]);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  static constexpr int m_signals[] = {SIGINT, SIGTERM, SIGHUP};
  void (*m_before[3])(int) = {};
};

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// Its first `most` characters, or all of it.
std::string start_of(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (; end < text.size() && (most > 0 || (text[end] & 0xc0) == 0x80); ++end)
    if ((text[end] & 0xc0) != 0x80) --most;
  return std::string(text.substr(0, end));
}

// " [###...]", as wide as there is room for; nothing where that says nothing.
std::string bar(std::uint64_t done, std::uint64_t total, std::size_t room) {
  constexpr std::size_t most = 30, least = 5, frame = 3;
  if (room < least + frame) return "";
  const std::size_t cells = std::min(most, room - frame);
  const auto filled = std::min(cells, static_cast<std::size_t>(done * cells / total));
  return " [" + std::string(filled, '#') + std::string(cells - filled, '.') + "]";
}

std::size_t columns_of_stderr() {
  constexpr std::size_t usual = 80;
  winsize size{};
  const bool told = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? size.ws_col : usual;
}

void append_row(std::string& text, const std::vector<std::string>& row,
                const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string cell = printable(row[i]);
    text += cell;
    if (i + 1 < row.size()) text.append(widths[i] - width(cell) + 2, ' ');
  }
  text += '\n';
}

}  // namespace

bool input_is_terminal() { return isatty(STDIN_FILENO) == 1; }
bool output_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

std::optional<std::string> ask(std::string_view question) {
  std::cerr << question << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::optional<Secret> ask_secret(std::string_view question) {
  std::optional<std::string> line;
  if (input_is_terminal()) {
    const QuietTerminal quiet;
    line = ask(question);
    std::cerr << '\n';
  } else {
    line = ask(question);
  }
  if (!line) return std::nullopt;
  return Secret(std::move(*line));
}

bool confirm(std::string_view question) {
  const auto answer = ask(question);
  return answer && (*answer == "y" || *answer == "Y" || *answer == "yes" || *answer == "Yes");
}

std::string progress_line(std::string_view label, std::uint64_t done, std::uint64_t total,
                          std::size_t columns) {
  const std::size_t room = std::max<std::size_t>(columns, 1) - 1;
  std::string counts = " " + std::to_string(done);
  if (total > 0) counts += " of " + std::to_string(total);
  const std::size_t spared = room - std::min(room, width(counts));
  const std::string line = start_of(printable(label), spared) + counts;
  const std::size_t left = room - std::min(room, width(line));
  return start_of(line + (total > 0 ? bar(done, total, left) : ""), room);
}

ProgressBar::ProgressBar(std::string label)
    : m_label(std::move(label)), m_visible(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (m_drawn) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!m_visible || (m_drawn && now - m_last < std::chrono::milliseconds(100))) return;
  m_last = now;
  m_drawn = true;
  const std::string line = progress_line(m_label, done, total, columns_of_stderr());
  std::fputs(("\r\x1b[K" + line).c_str(), stderr);
}

std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& head : heads) widths.push_back(width(head));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  append_row(text, heads, widths);
  for (const auto& row : rows) append_row(text, row, widths);
  return text;
}

}  // namespace innkeeper::app
