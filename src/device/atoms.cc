#include "device/atoms.h"

#include <algorithm>

namespace innkeeper::device {

Atoms::Atoms(const std::vector<std::string>& atoms) {
  choose_classes(atoms);
  add_state();
  for (std::size_t i = 0; i < atoms.size(); ++i) insert(atoms[i], static_cast<int>(i));
  link();
}

void Atoms::choose_classes(const std::vector<std::string>& atoms) {
  for (const std::string& atom : atoms) {
    for (const char c : atom) {
      std::uint8_t& known = m_class_of[static_cast<unsigned char>(c)];
      // Class 0 is "no atom's byte", so a text with all 256 bytes would need 257; with A to Z
      // folded away there are at most 230.
      if (known == 0) known = static_cast<std::uint8_t>(m_classes++);
    }
  }
  for (unsigned char upper = 'A'; upper <= 'Z'; ++upper) {
    m_class_of[upper] = m_class_of[static_cast<unsigned char>(upper - 'A' + 'a')];
  }
}

std::size_t Atoms::add_state() {
  m_next.resize(m_next.size() + m_classes, 0);
  m_atom.push_back(-1);
  m_shorter.push_back(0);
  return m_atom.size() - 1;
}

void Atoms::insert(const std::string& atom, int index) {
  std::size_t state = 0;
  for (const char c : atom) {
    const std::size_t slot = state * m_classes + m_class_of[static_cast<unsigned char>(c)];
    if (m_next[slot] == 0) {
      const std::size_t made = add_state();
      m_next[slot] = static_cast<std::uint32_t>(made);
    }
    state = m_next[slot];
  }
  m_atom[state] = index;
}

// Breadth first: a state's longest proper suffix is always done before the state itself, so its row
// can fill the gaps of this one.
void Atoms::link() {
  std::vector<std::uint32_t> suffix(m_atom.size(), 0);
  std::vector<std::uint32_t> queue{0};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::size_t state = queue[head];
    const std::size_t shorter = suffix[state];
    m_shorter[state] =
        m_atom[shorter] >= 0 ? static_cast<std::uint32_t>(shorter) : m_shorter[shorter];
    for (std::size_t c = 0; c < m_classes; ++c) {
      std::uint32_t& next = m_next[state * m_classes + c];
      const std::uint32_t by_suffix = state == 0 ? 0 : m_next[shorter * m_classes + c];
      if (next == 0) {
        next = by_suffix;
      } else {
        suffix[next] = by_suffix;
        queue.push_back(next);
      }
    }
  }
}

void Atoms::find(std::string_view text, std::vector<int>& found) const {
  found.clear();
  std::size_t state = 0;
  for (const char c : text) {
    state = m_next[state * m_classes + m_class_of[static_cast<unsigned char>(c)]];
    if (m_atom[state] >= 0) found.push_back(m_atom[state]);
    for (std::size_t s = m_shorter[state]; s != 0; s = m_shorter[s]) found.push_back(m_atom[s]);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

}  // namespace innkeeper::device
