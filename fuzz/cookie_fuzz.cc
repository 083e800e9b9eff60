// A Cookie header as any client may send it, and its values written back as a cookie.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/cookie.h"

// The first line is the name that is looked for, the rest the header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace innkeeper::http;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view header = input.substr(std::min(end + 1, input.size()));
  const auto value = find_cookie(header, input.substr(0, end));
  if (!value) return 0;
  SetCookie cookie;
  cookie.name = input.substr(0, end);
  cookie.value = *value;
  try {
    const std::string text = format_set_cookie(cookie, {});
    // What was written is read back as it was, and is one line.
    if (find_cookie(text, cookie.name) != *value) std::abort();
    if (text.find_first_of("\r\n") != std::string::npos) std::abort();
  } catch (const innkeeper::Error&) {
  }
  return 0;
}
