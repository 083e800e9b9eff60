// Many short texts found in one pass over a long one (Aho and Corasick, 1975).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace innkeeper::device {

// Finds which of the atoms occur in a text, whatever the case of ASCII letters, in time
// proportional to the text. Immutable, so thread-safe.
class Atoms {
 public:
  // `atoms` are in lower case and not empty.
  explicit Atoms(const std::vector<std::string>& atoms);

  // Puts the indices of the atoms in `text`, ascending, each once, into `found`.
  void find(std::string_view text, std::vector<int>& found) const;

 private:
  void choose_classes(const std::vector<std::string>& atoms);
  void insert(const std::string& atom, int index);
  void link();
  std::size_t add_state();

  // A full table of transitions, so that a step is one look-up: states × classes of bytes. Bytes
  // that no atom has share class 0, which leads back to the start.
  std::array<std::uint8_t, 256> m_class_of{};
  std::size_t m_classes = 1;
  std::vector<std::uint32_t> m_next;
  std::vector<std::int32_t> m_atom;      // the atom that ends in a state, or -1
  std::vector<std::uint32_t> m_shorter;  // the next state, by suffix, in which an atom ends, or 0
};

}  // namespace innkeeper::device
