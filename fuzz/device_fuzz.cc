// A User-Agent and client hints of any bytes are read as something: text up to the first newline,
// hints behind it. What is read holds no control characters and is remembered as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "device/client_hints.h"
#include "device/device.h"

namespace {

using namespace innkeeper::device;

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const DeviceReader reader({.remembered = 64, .text_limit = 1024, .rules_file = {}},
                                   innkeeper::null_log());
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  const std::string_view text = input.substr(0, end);
  const std::string_view hints = end == input.npos ? std::string_view() : input.substr(end + 1);
  const auto device = reader.read(text, hints);
  expect(is_printable(device->text()) && is_printable(device->sentence()));
  expect(*reader.read(text, hints) == *device);

  // A header's value survives the packing, or is left out.
  const auto packed = pack_client_hints([hints](std::string_view) { return hints; });
  expect(packed.size() <= client_hints_limit && is_printable(packed));
  read_client_hints(packed);
  return 0;
}
