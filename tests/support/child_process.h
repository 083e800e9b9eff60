// A child process that is spoken to line by line; killed, and waited for, when the test lets go of
// it.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace innkeeper::test {

class ChildProcess {
 public:
  explicit ChildProcess(std::vector<std::string> command) {
    int to[2], from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, to[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, from[1], 1);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed =
        ::posix_spawn(&m_pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    m_in = ::fdopen(from[0], "r");
    m_out = to[1];
    if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    kill();
    std::fclose(m_in);
    ::close(m_out);
  }

  // Sends a line without waiting for what comes back. False where the child is gone.
  bool send(const std::string& line) {
    const std::string text = line + "\n";
    return ::write(m_out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  // The next line that the child wrote, or "(gone)" where it has died.
  std::string receive() {
    char line[65536];
    if (std::fgets(line, sizeof line, m_in) == nullptr) return "(gone)";
    std::string text = line;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }
  std::string ask(const std::string& line) {
    send(line);
    return receive();
  }
  // kill -9, and waits until it is gone.
  void kill() {
    if (m_pid <= 0) return;
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
    m_pid = 0;
  }

 private:
  pid_t m_pid = 0;
  std::FILE* m_in = nullptr;
  int m_out = -1;
};

}  // namespace innkeeper::test
