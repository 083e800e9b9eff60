#include "http/connection_limit.h"

#include <algorithm>
#include <limits>

#include <sys/resource.h>

namespace innkeeper::http {
namespace {

constexpr int usual = 8192;
constexpr std::uint64_t most = std::numeric_limits<int>::max();
constexpr std::uint64_t reserve = 64;
// A reader's database and its log; an I/O thread's listener, epoll, timer and event.
constexpr std::uint64_t reserve_a_thread = 4;

}  // namespace

int connections_within(std::uint64_t open_files, int threads) {
  const std::uint64_t reserved =
      reserve + reserve_a_thread * static_cast<std::uint64_t>(std::max(threads, 0));
  const std::uint64_t left = open_files - std::min(reserved, open_files / 2);
  return static_cast<int>(std::min(left, most));
}

int usual_connection_limit(std::uint64_t open_files, int threads) {
  return std::min(connections_within(open_files, threads), usual);
}

std::uint64_t open_file_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usual;
}

}  // namespace innkeeper::http
