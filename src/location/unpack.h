// What was downloaded → the MMDB file in it: plain, gzipped, or in a tar archive, gzipped or not;
// told by content.
#pragma once

#include <cstdint>

namespace innkeeper::location {

// Reads `from` from its beginning and writes the MMDB file to `to` (both file descriptors, left
// open).
//
// Of an archive it takes the first regular member whose name ends in .mmdb. A member's path, links,
// devices, modes and owners are never used: only its bytes are. Everything that unpacks, taken or
// not, counts against `size_limit`, so that neither a bomb nor a sparse member costs more. Throws
// Error: broken, cut short, too large, no such member.
void unpack(int from, int to, std::uint64_t size_limit);

}  // namespace innkeeper::location
