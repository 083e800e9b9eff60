// A process of its own for a test: forked, told and heard through pipes, killed at will.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace innkeeper::test {

// One end of a two-way line between a test and its child. A byte is a turn in their game, so that
// each waits for the other and nobody sleeps.
class Line {
 public:
  Line(int in, int out) : m_in(in), m_out(out) {}
  void say(char byte) const {
    if (::write(m_out, &byte, 1) != 1) throw std::runtime_error("the other process is gone");
  }
  // '\0' where the other process is gone.
  char hear() const {
    char byte = '\0';
    return ::read(m_in, &byte, 1) == 1 ? byte : '\0';
  }

 private:
  friend class ForkedProcess;
  int m_in, m_out;
};

// Runs `body` in a forked child; what it returns is the exit code. An exception is exit code 99,
// and a child that hangs is killed by its own alarm after four minutes.
class ForkedProcess {
 public:
  explicit ForkedProcess(const std::function<int(const Line&)>& body) {
    int down[2], up[2];
    if (::pipe(down) != 0 || ::pipe(up) != 0) throw std::runtime_error("no pipe");
    m_process = ::fork();
    if (m_process == 0) {
      ::close(down[1]);
      ::close(up[0]);
      ::alarm(240);
      ::_exit(run(body, Line(down[0], up[1])));
    }
    ::close(down[0]);
    ::close(up[1]);
    m_line = Line(up[0], down[1]);
  }
  ForkedProcess(const ForkedProcess&) = delete;
  ForkedProcess& operator=(const ForkedProcess&) = delete;
  ~ForkedProcess() {
    if (m_process > 0) kill();
    ::close(m_line.m_in);
    ::close(m_line.m_out);
  }

  const Line& line() const { return m_line; }
  // Its exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(m_process, &status, 0);
    m_process = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  // kill -9.
  void kill() {
    ::kill(m_process, SIGKILL);
    wait();
  }

 private:
  static int run(const std::function<int(const Line&)>& body, const Line& line) {
    try {
      return body(line);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child: %s\n", error.what());
      return 99;
    }
  }
  pid_t m_process = -1;
  Line m_line{-1, -1};
};

}  // namespace innkeeper::test
