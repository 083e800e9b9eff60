// Big-endian integers and length-prefixed texts, for the bodies of cache entries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace innkeeper::engine {

class ByteWriter {
 public:
  explicit ByteWriter(std::size_t expected) { m_bytes.reserve(expected); }
  void integer(std::uint64_t number);
  void byte(std::uint8_t number) { m_bytes += static_cast<char>(number); }
  void raw(std::string_view bytes) { m_bytes += bytes; }
  void text(std::string_view text);
  std::string take() { return std::move(m_bytes); }

 private:
  std::string m_bytes;
};

// Reads what ByteWriter wrote. Past the end everything is zero and empty, and `ok` is false from
// then on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}
  std::uint64_t integer();
  std::uint8_t byte();
  std::string_view raw(std::size_t size);
  std::string_view text();
  bool ok() const { return m_ok; }
  bool at_end() const { return m_ok && m_rest.empty(); }

 private:
  template <std::size_t size>
  std::uint64_t number();

  std::string_view m_rest;
  bool m_ok = true;
};

}  // namespace innkeeper::engine
