#include "location/metadata.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <unistd.h>

#include "base/error.h"
#include "location/data_reader.h"
#include "location/file.h"
#include "location/plain_text.h"

namespace innkeeper::location {

namespace {

constexpr std::string_view marker = "\xab\xcd\xefMaxMind.com";
constexpr std::uint64_t longest_metadata = 128 * 1024;  // the format's
constexpr std::uint64_t separator = 16;                 // zeros between tree and data

std::string read_tail(int descriptor, std::uint64_t size, const std::string& name) {
  std::string tail(static_cast<std::size_t>(std::min(size, longest_metadata)), '\0');
  std::size_t done = 0;
  while (done < tail.size()) {
    const ssize_t got = ::pread(descriptor, tail.data() + done, tail.size() - done,
                                static_cast<off_t>(size - tail.size() + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError(name + ": cannot be read (" + reason(errno) + ")");
    if (got == 0) throw FileError(name + ": became shorter while it was read");
    done += static_cast<std::size_t>(got);
  }
  return tail;
}

bool take(std::string_view key, const Value& value, Metadata& metadata) {
  const auto number = [&](std::uint64_t& field) {
    field = value.integer;
    return value.kind == Value::Kind::integer;
  };
  if (key == "node_count") return number(metadata.node_count);
  if (key == "record_size") return number(metadata.record_size);
  if (key == "ip_version") return number(metadata.ip_version);
  if (key == "binary_format_major_version") return number(metadata.format);
  if (key == "build_epoch") return number(metadata.build_epoch);
  if (key != "database_type") return true;
  if (value.kind != Value::Kind::text || !is_plain_text(value.text)) return false;
  metadata.database_type = value.text;
  return true;
}

bool decode(std::string_view bytes, Metadata& metadata) {
  DataReader reader({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  std::size_t at = 0;
  Value map;
  return reader.read(at, map) && reader.each_member(map, [&](std::string_view key, Value& value) {
    return take(key, value, metadata) && reader.check(value);
  });
}

// Why it must not be searched; empty where it may.
std::string fault(const Metadata& metadata, std::uint64_t size) {
  if (metadata.format != 2) return "is of another version of the MMDB format than 2";
  if (metadata.ip_version != 4 && metadata.ip_version != 6)
    return "is neither for IPv4 nor for IPv6";
  const auto width = metadata.record_size;
  if (width != 24 && width != 28 && width != 32) return "has records of an unknown width";
  if (metadata.node_count == 0 || metadata.node_count > UINT32_MAX) return "has no search tree";
  const std::uint64_t tree = metadata.node_count * width / 4;
  if (tree > UINT32_MAX || size > UINT32_MAX) return "is larger than 4 GiB";
  if (tree + separator >= size) return "is shorter than its search tree";
  return {};
}

}  // namespace

Metadata read_metadata(int descriptor, std::uint64_t size, const std::string& name) {
  const std::string tail = read_tail(descriptor, size, name);
  const std::size_t found = tail.rfind(marker);
  if (found == std::string::npos) {
    throw FileError(name + ": is not an MMDB file, or its end is missing; fetch it again");
  }
  Metadata metadata;
  if (!decode(std::string_view(tail).substr(found + marker.size()), metadata)) {
    throw FileError(name + ": its metadata is damaged; fetch it again");
  }
  const std::string wrong = fault(metadata, size);
  if (!wrong.empty()) throw FileError(name + ": " + wrong + "; fetch it again");
  return metadata;
}

}  // namespace innkeeper::location
