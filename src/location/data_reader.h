// Reads the data section of an MMDB file: every byte in bounds, every depth and every count
// limited.
//
// The format is described at https://maxmind.github.io/MaxMind-DB/. Not by libmaxminddb, because
// its 1.7 skips nested values by recursion without a limit (8 MB of nested arrays end the process)
// and walks a map again for every field that is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "location/paged_file.h"

namespace innkeeper::location {

// One value. `text` points into the file; `begin` is where the first member of a map or an array
// stands.
struct Value {
  enum class Kind : std::uint8_t { other, text, number, integer, boolean, map, array };
  Kind kind = Kind::other;
  bool far = false;           // reached through a pointer: what comes next does not stand behind it
  bool enough = false;        // set by a visitor of this map or array: the rest may be left out
  std::uint32_t count = 0;    // members of a map (pairs) or an array
  std::string_view text;      // Kind::text
  double number = 0;          // Kind::number and integer
  std::uint64_t integer = 0;  // Kind::integer (0 where negative) and boolean
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the last member, once each_member has walked it
};

// A walk through one record. Cheap to make: make one a record, its budget is for one. Not
// thread-safe.
//
// Every function returns false as soon as the bytes are not what the format says, or a limit is
// passed; nothing read so far may then be trusted. The bytes outlive the reader and every Value.
class DataReader {
 public:
  static constexpr int deepest = 16;           // maps and arrays in one another; real files have 4
  static constexpr int most_values = 1 << 13;  // values of one record; real files have about 200

  explicit DataReader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
  // What stands in `file` from `begin` on, which is within it.
  DataReader(const PagedFile& file, std::size_t begin)
      : m_bytes(file.data() + begin, file.size() - begin), m_file(&file), m_begin(begin) {}

  // Reads the value at `at` and moves `at` behind it (for a map or an array: to its first member,
  // and for one behind a pointer: behind the pointer).
  bool read(std::size_t& at, Value& value);

  // Calls visit(key, Value&) for each member of a map. visit returns false to give up.
  template <class Visit>
  bool each_member(Value& map, Visit visit) {
    return walk(map, Value::Kind::map,
                [&](std::string_view key, Value& value) { return visit(key, value); });
  }
  // Calls visit(Value&) for each element of an array.
  template <class Visit>
  bool each_element(Value& array, Visit visit) {
    return walk(array, Value::Kind::array,
                [&](std::string_view, Value& value) { return visit(value); });
  }

  // Walks everything below `value`, so that it is known to be sound.
  bool check(Value& value);

 private:
  // The two types of the format that nearly every value has.
  static constexpr int pointer_type = 1;
  static constexpr int text_type = 2;

  struct Header {
    int type = 0;
    std::uint32_t size = 0;
  };
  // Keeps count of the depth, however a walk ends.
  struct Level {
    explicit Level(int& depth) : m_depth(++depth) {}
    ~Level() { --m_depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    int& m_depth;
  };

  // Whether so many bytes are there, and in memory.
  bool has(std::size_t at, std::size_t count) const {
    return at <= m_bytes.size() && count <= m_bytes.size() - at &&
           (m_file == nullptr || m_file->has(m_begin + at, count));
  }
  bool read_pointer(std::size_t& at, std::size_t& target) const;
  bool read_text(std::size_t& at, std::uint32_t size, Value& value) const;
  bool read_header(std::size_t& at, std::uint8_t control, Header& header) const;
  bool read_other(std::size_t& at, std::uint8_t control, Value& value) const;
  bool read_number(const Header& header, Value& value) const;
  bool number_at(std::size_t at, std::size_t size, std::uint64_t& number) const;

  template <class Visit>
  bool walk(Value& container, Value::Kind kind, Visit visit) {
    const Level level(m_depth);
    if (container.kind != kind || m_depth > deepest) return false;
    std::size_t at = container.begin;
    Value key, value;
    for (std::uint32_t i = 0; i < container.count; ++i) {
      if (container.enough && container.far) break;  // nobody needs to know where it ends
      if (kind == Value::Kind::map && !(read(at, key) && key.kind == Value::Kind::text))
        return false;
      if (!read(at, value) || !visit(key.text, value) || !step_over(at, value)) return false;
    }
    container.end = at;
    return true;
  }
  bool step_over(std::size_t& at, Value& value);

  std::span<const std::uint8_t> m_bytes;
  const PagedFile* m_file = nullptr;  // where `m_bytes` are fetched as they are needed
  std::size_t m_begin = 0;
  int m_depth = 0;
  int m_budget = most_values;
};

// Here, because every look-up calls it some sixty times.
inline bool DataReader::read_text(std::size_t& at, std::uint32_t size, Value& value) const {
  if (!has(at, size)) return false;
  value.kind = Value::Kind::text;
  value.text = {reinterpret_cast<const char*>(m_bytes.data()) + at, size};
  at += size;
  return true;
}

inline bool DataReader::read(std::size_t& at, Value& value) {
  if (--m_budget < 0 || !has(at, 1)) return false;
  std::size_t behind = at;
  value = Value{};
  value.far = m_bytes[at] >> 5 == pointer_type;
  if (value.far && !(read_pointer(at, behind) && has(behind, 1))) return false;
  const std::uint8_t control = m_bytes[behind++];
  const std::uint32_t size = control & 31;
  if (control >> 5 == text_type && size < 29) {  // most values
    if (!read_text(behind, size, value)) return false;
  } else if (!read_other(behind, control, value)) {
    return false;
  }
  if (!value.far) at = behind;
  return true;
}

}  // namespace innkeeper::location
