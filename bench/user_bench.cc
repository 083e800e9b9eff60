// PBKDF2 over a prepared key state against OpenSSL's own, and the hash that ties a session to a
// password.
#include <array>

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include "user/auth_hash.h"
#include "user/password_format.h"

namespace {

using namespace innkeeper;

constexpr int iterations = 100000;
constexpr std::string_view salt = "saltSALT01234567890abc";

void pbkdf2_ours(benchmark::State& state) {
  const Secret password("correct horse battery staple");
  for (auto _ : state) benchmark::DoNotOptimize(user::pbkdf2_sha256(password, salt, iterations));
}
BENCHMARK(pbkdf2_ours)->Unit(benchmark::kMillisecond);

void pbkdf2_openssl(benchmark::State& state) {
  const std::string_view password = "correct horse battery staple";
  std::array<unsigned char, 32> derived;
  for (auto _ : state) {
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                      reinterpret_cast<const unsigned char*>(salt.data()),
                      static_cast<int>(salt.size()), iterations, EVP_sha256(),
                      static_cast<int>(derived.size()), derived.data());
    benchmark::DoNotOptimize(derived);
  }
}
BENCHMARK(pbkdf2_openssl)->Unit(benchmark::kMillisecond);

void auth_hash_check(benchmark::State& state) {
  const user::AuthHasher hasher(Secret("a secret key of fifty characters, more or less ....."), {});
  const Secret column(
      "pbkdf2_sha256$1000000$saltSALT01234567890abc$F+nIfUTj3cKIC5gMonF+nIfUTj3cKIC5gMonF+nI=");
  const std::string hash = hasher.hash(column);
  for (auto _ : state) benchmark::DoNotOptimize(hasher.check(hash, column));
}
BENCHMARK(auth_hash_check);

}  // namespace
