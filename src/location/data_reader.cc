#include "location/data_reader.h"

#include <bit>

namespace innkeeper::location {

namespace {

// The type numbers of the format.
enum Type : int {
  extended = 0,
  pointer = 1,
  utf8_text = 2,
  float64 = 3,
  raw_bytes = 4,
  uint16 = 5,
  uint32 = 6,
  map = 7,
  int32 = 8,
  uint64 = 9,
  uint128 = 10,
  array = 11,
  boolean = 14,
  float32 = 15,
};

// The most bytes that a number of this type takes; 0 for what is no number.
std::size_t widest(int type) {
  switch (type) {
    case uint16:
      return 2;
    case uint32:
    case int32:
      return 4;
    case uint64:
      return 8;
    case uint128:
      return 16;
    default:
      return 0;
  }
}

}  // namespace

bool DataReader::number_at(std::size_t at, std::size_t size, std::uint64_t& number) const {
  if (!has(at, size)) return false;
  number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | m_bytes[at + i];
  return true;
}

bool DataReader::read_pointer(std::size_t& at, std::size_t& target) const {
  static constexpr std::size_t bases[] = {0, 2048, 526336, 0};
  const std::uint8_t control = m_bytes[at++];
  const std::size_t width = control >> 3 & 3;
  if (!has(at, width + 1)) return false;
  target = width == 3 ? 0 : control & 7;
  for (std::size_t i = 0; i <= width; ++i) target = target << 8 | m_bytes[at++];
  target += bases[width];
  return true;
}

bool DataReader::read_header(std::size_t& at, std::uint8_t control, Header& header) const {
  static constexpr std::uint32_t bases[] = {29, 285, 65821};
  std::uint64_t more = 0;
  header = {control >> 5, control & 31u};
  if (header.type == extended) {
    if (!number_at(at++, 1, more)) return false;
    header.type = static_cast<int>(more) + map;
    if (header.type <= map) return false;  // a short type in the long form
  }
  if (header.size < 29) return true;
  const std::size_t width = header.size - 28;
  if (!number_at(at, width, more)) return false;
  header.size = bases[width - 1] + static_cast<std::uint32_t>(more);
  at += width;
  return true;
}

bool DataReader::read_other(std::size_t& at, std::uint8_t control, Value& value) const {
  Header header;
  // A pointer to a pointer is not of the format (and could go round in a circle).
  if (control >> 5 == pointer || !read_header(at, control, header)) return false;
  value.begin = at;
  switch (header.type) {
    case map:
    case array:
      value.kind = header.type == map ? Value::Kind::map : Value::Kind::array;
      value.count = header.size;
      return true;
    case boolean:
      value.kind = Value::Kind::boolean;
      value.integer = header.size;
      return header.size <= 1;
    case utf8_text:
      return read_text(at, header.size, value);
    default:
      if (!has(at, header.size)) return false;
      at += header.size;
      return header.type == raw_bytes || read_number(header, value);
  }
}

// `value.begin` is where its bytes stand; they are known to be there.
bool DataReader::read_number(const Header& header, Value& value) const {
  std::uint64_t bits = 0;
  if (header.type == float64 || header.type == float32) {
    const std::size_t width = header.type == float64 ? 8 : 4;
    if (header.size != width || !number_at(value.begin, width, bits)) return false;
    value.kind = Value::Kind::number;
    value.number = width == 8 ? std::bit_cast<double>(bits)
                              : double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
    return true;
  }
  if (widest(header.type) == 0 || header.size > widest(header.type)) return false;
  if (header.type == uint128) return true;  // no field of a place is so wide
  if (!number_at(value.begin, header.size, bits)) return false;
  value.kind = Value::Kind::integer;
  const auto narrow = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
  const bool negative = header.type == int32 && narrow < 0;
  value.integer = negative ? 0 : bits;
  value.number = negative ? narrow : static_cast<double>(bits);
  return true;
}

bool DataReader::check(Value& value) {
  if (value.kind == Value::Kind::map)
    return each_member(value, [this](std::string_view, Value& member) { return check(member); });
  if (value.kind == Value::Kind::array)
    return each_element(value, [this](Value& element) { return check(element); });
  return true;
}

bool DataReader::step_over(std::size_t& at, Value& value) {
  const bool container = value.kind == Value::Kind::map || value.kind == Value::Kind::array;
  if (!container || value.far) return true;
  if (value.end == 0 && !check(value)) return false;
  at = value.end;
  return true;
}

}  // namespace innkeeper::location
