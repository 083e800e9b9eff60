// How many connections fit into the files that a process may open.
#pragma once

#include <cstdint>

namespace innkeeper::http {

// What `open_files` leaves when each of `threads` and the rest of the program (databases, location
// files, logs) have theirs; never less than half of them.
int connections_within(std::uint64_t open_files, int threads);

// That, or 8,192 where it is more: for a server that was not told.
int usual_connection_limit(std::uint64_t open_files, int threads);

// The soft limit (ulimit -n) as it is now.
std::uint64_t open_file_limit();

}  // namespace innkeeper::http
