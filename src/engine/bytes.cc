#include "engine/bytes.h"

namespace innkeeper::engine {

namespace {

template <std::size_t size>
std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size && i < bytes.size(); ++i)
    number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return number;
}

}  // namespace

void ByteWriter::integer(std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) m_bytes += static_cast<char>(number >> shift & 0xff);
}

void ByteWriter::text(std::string_view text) {
  for (int shift = 24; shift >= 0; shift -= 8)
    m_bytes += static_cast<char>(text.size() >> shift & 0xff);
  m_bytes += text;
}

std::uint64_t ByteReader::integer() { return from_big_endian<8>(raw(8)); }

std::uint8_t ByteReader::byte() { return static_cast<std::uint8_t>(from_big_endian<1>(raw(1))); }

std::string_view ByteReader::raw(std::size_t size) {
  if (size > m_rest.size()) {
    m_ok = false;
    m_rest = {};
  }
  const std::string_view bytes = m_rest.substr(0, size);
  m_rest.remove_prefix(bytes.size());
  return bytes;
}

std::string_view ByteReader::text() { return raw(from_big_endian<4>(raw(4))); }

}  // namespace innkeeper::engine
