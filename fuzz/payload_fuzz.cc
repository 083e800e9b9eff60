// Signed texts: as an attacker sends them, and as somebody who has the key could, so that the
// fuzzer gets behind the signature.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "codec/payload.h"

namespace {

using namespace innkeeper;

constexpr std::size_t content_limit = 1u << 20;

const codec::PayloadCodec& payload_codec() {
  static const codec::PayloadCodec codec(
      {Secret(std::string("fuzz")), {Secret(std::string("older"))}},
      {content_limit, content_limit});
  return codec;
}

std::string sign(std::string_view text) {
  static const HmacSha256 signer(
      as_text(sha256(std::string(codec::django_salt) + "signer" + "fuzz")));
  return std::string(text) + ':' + base64_encode(as_text(signer.sign(text)), Base64::url);
}

void require(bool condition) {
  if (!condition) std::abort();
}

void check_bound(const Result<std::string, codec::PayloadError>& content) {
  require(!content || content->size() <= content_limit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_bound(payload_codec().decode(input));
  check_bound(payload_codec().decode(sign(input)));
  check_bound(payload_codec().decode(sign("." + base64_encode(input, Base64::url) + ":1r31eq")));
  if (size <= content_limit / 2) {
    const auto content = payload_codec().decode(payload_codec().encode(input, Time{}));
    require(content && *content == input);
  }
  return 0;
}
