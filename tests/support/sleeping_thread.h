// Whether another thread waits in the kernel: the one thing that tells "it asked, and was made to
// wait" apart from "it is about to ask".
#pragma once

#include <fstream>
#include <string>

#include <sys/types.h>
#include <unistd.h>

namespace innkeeper::test {

// True while the thread `id` (gettid()) of this process sleeps: the field `state` of proc(5),
// /proc/self/task/ID/stat, which follows the name in parentheses. False where there is no such
// thread.
inline bool is_sleeping(pid_t id) {
  std::ifstream file("/proc/self/task/" + std::to_string(id) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(") ");
  return name_end != std::string::npos && text.compare(name_end + 2, 1, "S") == 0;
}

}  // namespace innkeeper::test
