#include "location/search_tree.h"

namespace innkeeper::location {

namespace {

constexpr std::size_t separator = 16;  // zeros between tree and data
constexpr int v4_prefix = 96;          // an IPv4 address is ::a.b.c.d in a tree for IPv6

}  // namespace

SearchTree::SearchTree(const PagedFile& file, const Metadata& metadata)
    : m_file(file),
      m_nodes(static_cast<std::uint32_t>(metadata.node_count)),
      m_width(static_cast<std::size_t>(metadata.record_size / 4)),
      m_only_v4(metadata.ip_version == 4),
      m_data_begin(m_nodes * m_width + separator),
      m_shortcuts(std::make_unique<std::atomic<std::uint32_t>[]>(shortcuts)) {}

// A node holds two numbers of 24, 28 or 32 bits; of 28, the byte in the middle has the highest four
// bits of both.
SearchTree::Place SearchTree::step(std::uint32_t node, bool right) const {
  const std::size_t wide = m_width == 6 ? 3 : 4;
  const std::size_t at = node * m_width + (right ? m_width - wide : 0);
  if (!m_file.has(at, wide)) return std::nullopt;
  const std::uint8_t* const b = m_file.data() + at;
  const auto number = [](std::uint32_t first, std::uint32_t second, std::uint32_t third) {
    return first << 16 | second << 8 | third;
  };
  if (m_width == 6) return number(b[0], b[1], b[2]);
  if (m_width == 8) return number(b[0], b[1], b[2]) << 8 | b[3];
  return right ? (b[0] & 15u) << 24 | number(b[1], b[2], b[3])
               : std::uint32_t{b[3]} >> 4 << 24 | number(b[0], b[1], b[2]);
}

// By the bits `from` to `to`, until something else than a node is met.
SearchTree::Place SearchTree::walk(Place place, const std::uint8_t* bytes, int from, int to) const {
  for (int bit = from; bit < to && place && *place < m_nodes; ++bit)
    place = step(*place, (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0);
  return place;
}

// Of each walk the first half is known from the one before it, as a rule. In a large file those
// steps are the dear ones: their nodes lie far from one another.
SearchTree::Place SearchTree::walk_v4(const std::uint8_t* bytes) const {
  auto& shortcut = m_shortcuts[static_cast<std::size_t>(bytes[0] << 8 | bytes[1])];
  Place place = shortcut.load(std::memory_order_relaxed);
  if (*place == 0) {
    static constexpr std::uint8_t zeros[v4_prefix / 8] = {};
    place = walk(walk(0, zeros, 0, m_only_v4 ? 0 : v4_prefix), bytes, 0, 16);
    if (place) shortcut.store(*place, std::memory_order_relaxed);
  }
  return walk(place, bytes, 16, 32);
}

Leaf SearchTree::leaf(Place place) const {
  if (!place) return {Leaf::Kind::damaged};
  if (*place <= m_nodes) return {};
  const std::size_t behind = *place - m_nodes;
  if (behind < separator || m_data_begin + behind - separator >= m_file.size())
    return {Leaf::Kind::damaged};
  return {Leaf::Kind::record, behind - separator};
}

Leaf SearchTree::find(const IpAddress& address) const {
  const auto& bytes = address.bytes();
  if (address.is_v4()) return leaf(walk_v4(bytes.data() + v4_prefix / 8));
  return m_only_v4 ? Leaf{} : leaf(walk(0, bytes.data(), 0, 128));
}

std::array<Leaf, 2> SearchTree::leaves(std::uint32_t node) const {
  return {leaf(step(node, false)), leaf(step(node, true))};
}

}  // namespace innkeeper::location
