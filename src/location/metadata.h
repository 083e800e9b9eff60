// The metadata at the end of an MMDB file, read and judged before anything else of the file is.
#pragma once

#include <cstdint>
#include <string>

namespace innkeeper::location {

struct Metadata {
  std::uint64_t node_count = 0, record_size = 0, ip_version = 0, format = 0, build_epoch = 0;
  std::string database_type;
};

// Reads the metadata of the file behind `descriptor`, `size` bytes long. Throws FileError, the
// message starting with `name`, where there is none, where it is damaged, or where the file is too
// short for the tree it speaks of.
Metadata read_metadata(int descriptor, std::uint64_t size, const std::string& name);

}  // namespace innkeeper::location
