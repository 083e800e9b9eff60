// Fixed-width integers as bytes, the highest first: bytes compare as the numbers do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace innkeeper {

// Writes the lowest `size` bytes of `number`.
template <std::size_t size = 8>
constexpr void put_big_endian(std::uint64_t number, char* to) {
  for (std::size_t i = size; i-- > 0; number >>= 8) to[i] = static_cast<char>(number & 0xff);
}

template <std::size_t size = 8>
constexpr std::uint64_t get_big_endian(const char* from) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<std::uint8_t>(from[i]);
  return number;
}

}  // namespace innkeeper
