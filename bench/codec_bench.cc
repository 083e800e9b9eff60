// A session's payload between the column and the engine. The same content as in docs/benchmarks.md:
// a signed-in user with a small cart, about 300 bytes of JSON.
#include <array>
#include <string>

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "base/base64.h"
#include "codec/json.h"
#include "codec/payload.h"
#include "codec/zlib_stream.h"

namespace {

using namespace innkeeper;

constexpr Time moment{Seconds(1'700'000'000)};

const std::string content =
    R"({"_auth_user_id":"42","_auth_user_backend":"django.contrib.auth.backends.ModelBackend",)"
    R"("_auth_user_hash":"9bae475d4359248dad7254a81cfd6aa7cfd02078b178d03cdb21dd3a67286d20",)"
    R"("cart":[{"id":1017,"n":2},{"id":88213,"n":1}],"theme":"dark","lang":"sv",)"
    R"("csrf":"n3VZc0rTq8yKfLw1","next":"/account/orders/?page=3"})";

// A visitor's, in which zlib finds nothing to save: the text stays plain.
const std::string short_content =
    R"({"_csrftoken":"n3VZc0rTq8yKfLw1xB7dPu2mGh5jEa9s","lang":"sv","theme":"dark","visits":3})";

const codec::PayloadCodec& payload_codec() {
  static const codec::PayloadCodec codec(
      {Secret(std::string("a-secret-key-of-fifty-characters")), {}});
  return codec;
}

void decode(benchmark::State& state, const std::string& text) {
  const std::string written = payload_codec().encode(text, moment);
  for (auto _ : state) {
    auto fields = codec::parse_object(*payload_codec().decode(written));
    benchmark::DoNotOptimize(fields);
  }
  state.counters["content"] = static_cast<double>(text.size());
  state.counters["signed"] = static_cast<double>(written.size());
}
void verify_and_decode(benchmark::State& state) { decode(state, content); }
void verify_and_decode_uncompressed(benchmark::State& state) { decode(state, short_content); }
BENCHMARK(verify_and_decode);
BENCHMARK(verify_and_decode_uncompressed);

void encode(benchmark::State& state) {
  const Fields fields = *codec::parse_object(content);
  for (auto _ : state) {
    auto text = payload_codec().encode(codec::join_object(fields), moment);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(encode);

void parse_object(benchmark::State& state) {
  for (auto _ : state) {
    auto fields = codec::parse_object(content);
    benchmark::DoNotOptimize(fields);
  }
}
BENCHMARK(parse_object);

void canonical_json(benchmark::State& state) {
  for (auto _ : state) {
    auto text = codec::canonical_json(content);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(canonical_json);

// Inflating alone, and its rival.
std::string compressed_content() { return *codec::deflate_below(content, content.size()); }

void inflate(benchmark::State& state) {
  const std::string compressed = compressed_content();
  for (auto _ : state) {
    auto text = codec::inflate_bounded(compressed, 1u << 20);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(inflate);

// zlib's stream, kept from call to call.
class ZlibInflater {
 public:
  ZlibInflater() { inflateInit(&m_stream); }
  ~ZlibInflater() { inflateEnd(&m_stream); }
  std::string inflate(std::string_view compressed) {
    inflateReset(&m_stream);
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    m_stream.avail_in = static_cast<uInt>(compressed.size());
    m_stream.next_out = reinterpret_cast<Bytef*>(m_room.data());
    m_stream.avail_out = static_cast<uInt>(m_room.size());
    ::inflate(&m_stream, Z_NO_FLUSH);
    return std::string(m_room.data(), m_room.size() - m_stream.avail_out);
  }

 private:
  z_stream m_stream{};
  std::array<char, 4096> m_room;
};

void inflate_by_zlib(benchmark::State& state) {
  const std::string compressed = compressed_content();
  ZlibInflater inflater;
  for (auto _ : state) {
    auto text = inflater.inflate(compressed);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(inflate_by_zlib);

// The least that verify_and_decode can cost with zlib: signature, base64, inflate; nothing is
// parsed.
void verify_and_inflate_by_zlib(benchmark::State& state) {
  const std::string written = payload_codec().encode(content, moment);
  const std::string_view signed_part = std::string_view(written).substr(0, written.rfind(':'));
  const std::string_view body = signed_part.substr(1, signed_part.rfind(':') - 1);
  const HmacSha256 signer("0123456789abcdef0123456789abcdef");
  ZlibInflater inflater;
  for (auto _ : state) {
    auto signature = base64_encode(as_text(signer.sign(signed_part)), Base64::url);
    benchmark::DoNotOptimize(signature);
    auto text = inflater.inflate(*base64_decode(body, Base64::url));
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(verify_and_inflate_by_zlib);

// The signature alone, and its rival: OpenSSL's HMAC() in one call, which prepares the key each
// time.
void signature(benchmark::State& state) {
  const HmacSha256 signer("0123456789abcdef0123456789abcdef");
  for (auto _ : state) {
    auto digest = signer.sign(content);
    benchmark::DoNotOptimize(digest);
  }
}
BENCHMARK(signature);

void signature_by_one_shot_hmac(benchmark::State& state) {
  const std::string key = "0123456789abcdef0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  for (auto _ : state) {
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
         &length);
    benchmark::DoNotOptimize(digest);
  }
}
BENCHMARK(signature_by_one_shot_hmac);

}  // namespace
