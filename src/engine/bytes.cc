#include "engine/bytes.h"

#include "base/big_endian.h"

namespace innkeeper::engine {

void ByteWriter::integer(std::uint64_t number) {
  const std::size_t at = m_bytes.size();
  m_bytes.resize(at + 8);
  put_big_endian(number, &m_bytes[at]);
}

void ByteWriter::text(std::string_view text) {
  const std::size_t at = m_bytes.size();
  m_bytes.resize(at + 4);
  put_big_endian<4>(text.size(), &m_bytes[at]);
  m_bytes += text;
}

template <std::size_t size>
std::uint64_t ByteReader::number() {
  const std::string_view bytes = raw(size);
  return bytes.empty() ? 0 : get_big_endian<size>(bytes.data());
}

std::uint64_t ByteReader::integer() { return number<8>(); }

std::uint8_t ByteReader::byte() { return static_cast<std::uint8_t>(number<1>()); }

std::string_view ByteReader::raw(std::size_t size) {
  if (size > m_rest.size()) {
    m_ok = false;
    m_rest = {};
  }
  const std::string_view bytes = m_rest.substr(0, size);
  m_rest.remove_prefix(bytes.size());
  return bytes;
}

std::string_view ByteReader::text() { return raw(number<4>()); }

}  // namespace innkeeper::engine
