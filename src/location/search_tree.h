// The tree of an MMDB file: an address → where its record stands.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/ip_address.h"
#include "location/metadata.h"
#include "location/paged_file.h"

namespace innkeeper::location {

// What a walk ends at.
struct Leaf {
  enum class Kind : std::uint8_t {
    nothing,
    record,
    damaged,  // a node that cannot be had, or one that points to nowhere
  };
  Kind kind = Kind::nothing;
  std::size_t at = 0;  // in the data section
};

// Thread-safe. `file` outlives it, and `metadata` was found to fit it.
class SearchTree {
 public:
  SearchTree(const PagedFile& file, const Metadata& metadata);

  Leaf find(const IpAddress& address) const;
  // Both sides of a node; what is another node is nothing.
  std::array<Leaf, 2> leaves(std::uint32_t node) const;

  // Where the data section begins.
  std::size_t data_begin() const { return m_data_begin; }
  std::uint32_t node_count() const { return m_nodes; }

 private:
  using Place = std::optional<std::uint32_t>;  // a node's number, or what stands in its stead

  Place step(std::uint32_t node, bool right) const;
  Place walk(Place place, const std::uint8_t* bytes, int from, int to) const;
  Place walk_v4(const std::uint8_t* bytes) const;
  Leaf leaf(Place place) const;

  // Where the walks for the first two bytes of an IPv4 address end; 0 where nobody went yet.
  static constexpr std::size_t shortcuts = std::size_t{1} << 16;

  const PagedFile& m_file;
  const std::uint32_t m_nodes;
  const std::size_t m_width;  // of a node, in bytes
  const bool m_only_v4;
  const std::size_t m_data_begin;
  std::unique_ptr<std::atomic<std::uint32_t>[]> m_shortcuts;
};

}  // namespace innkeeper::location
