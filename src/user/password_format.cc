#include "user/password_format.h"

#include <array>
#include <charconv>
#include <memory>
#include <vector>

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "base/base64.h"
#include "base/digest.h"

namespace innkeeper::user {

namespace {

constexpr std::size_t sha1_size = 20;
constexpr std::size_t scrypt_size = 64;

// Decimal digits and nothing else, from 1 to `most`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 1 || number > most) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t dollar; (dollar = text.find('$')) != std::string_view::npos;) {
    parts.push_back(text.substr(0, dollar));
    text.remove_prefix(dollar + 1);
  }
  parts.push_back(text);
  return parts;
}

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// Compared as text, as Django does: a second spelling of the same bytes is not the hash that was
// stored.
bool is_base64_of(std::string_view stored, std::string_view derived) {
  return equal_in_constant_time(base64_encode(derived, Base64::standard), stored);
}

template <std::size_t size>
Secret take(std::array<char, size>& derived) {
  Secret taken(std::string(derived.data(), derived.size()));
  OPENSSL_cleanse(derived.data(), derived.size());
  return taken;
}

std::optional<bool> matches_pbkdf2_sha256(const Secret& password, std::string_view rest) {
  const auto parsed = parse_pbkdf2(rest);
  if (!parsed) return std::nullopt;
  const Secret derived = pbkdf2_sha256(password, parsed->salt, parsed->iterations);
  return is_base64_of(parsed->hash, derived.reveal());
}

std::optional<bool> matches_pbkdf2_sha1(const Secret& password, std::string_view rest) {
  const auto parsed = parse_pbkdf2(rest);
  if (!parsed) return std::nullopt;
  std::array<char, sha1_size> derived;
  const std::string_view text = password.reveal();
  const int done = PKCS5_PBKDF2_HMAC(
      text.data(), static_cast<int>(text.size()), bytes_of(parsed->salt),
      static_cast<int>(parsed->salt.size()), parsed->iterations, EVP_sha1(),
      static_cast<int>(derived.size()), reinterpret_cast<std::uint8_t*>(derived.data()));
  if (done != 1) return std::nullopt;
  return is_base64_of(parsed->hash, take(derived).reveal());
}

// `n$salt$r$p$hash`
std::optional<bool> matches_scrypt(const Secret& password, std::string_view rest) {
  const auto parts = split(rest);
  if (parts.size() != 5 || parts[1].empty()) return std::nullopt;
  const auto n = parse_number(parts[0], most_memory), r = parse_number(parts[2], 1024);
  const auto p = parse_number(parts[3], 1024);
  if (!n || !r || !p || 128 * *n * *r > most_memory) return std::nullopt;
  if (128 * *n * *r * *p > most_work) return std::nullopt;
  std::array<char, scrypt_size> derived;
  const std::string_view text = password.reveal();
  const std::uint64_t room = 128 * *r * (*n + *p + 2) + (1u << 20);  // else OpenSSL stops at 32 MiB
  const int done =
      EVP_PBE_scrypt(text.data(), text.size(), bytes_of(parts[1]), parts[1].size(), *n, *r, *p,
                     room, reinterpret_cast<std::uint8_t*>(derived.data()), derived.size());
  if (done != 1) return std::nullopt;
  return is_base64_of(parts[4], take(derived).reveal());
}

// The parts of `m=…,t=…,p=…`.
bool is_affordable_argon2(std::string_view parameters) {
  std::array<std::uint64_t, 3> found{};
  constexpr std::array<std::string_view, 3> names = {"m=", "t=", "p="};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!parameters.starts_with(names[i])) return false;
    const std::size_t comma = i < 2 ? parameters.find(',') : parameters.size();
    if (comma == std::string_view::npos) return false;
    const auto number = parse_number(parameters.substr(2, comma - 2), std::uint64_t{1} << 32);
    if (!number) return false;
    found[i] = *number;
    parameters.remove_prefix(std::min(comma + 1, parameters.size()));
  }
  const std::uint64_t memory = found[0] * 1024;
  return memory <= most_memory && found[1] <= most_work / memory && found[2] <= 255;
}

// `argon2id$v=19$m=102400,t=2,p=8$salt$hash`. libsodium makes hashes of one lane only, but checks
// those of more.
std::optional<bool> matches_argon2(const Secret& password, std::string_view rest) {
  const auto parts = split(rest);
  if (parts.size() != 5 || parts[0] != "argon2id" || !is_affordable_argon2(parts[2]))
    return std::nullopt;
  static const bool ready = sodium_init() >= 0;
  const std::string text = "$" + std::string(rest);
  if (!ready || text.size() >= crypto_pwhash_argon2id_STRBYTES) return std::nullopt;
  std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
  text.copy(hash.data(), text.size());
  const std::string_view given = password.reveal();
  return crypto_pwhash_argon2id_str_verify(hash.data(), given.data(), given.size()) == 0;
}

bool is_bcrypt_hash(std::string_view hash) {
  if (hash.size() != 60 || hash[0] != '$' || hash[1] != '2' || hash[3] != '$' || hash[6] != '$') {
    return false;
  }
  const bool digits = hash[4] >= '0' && hash[4] <= '9' && hash[5] >= '0' && hash[5] <= '9';
  const auto rounds = static_cast<std::uint64_t>((hash[4] - '0') * 10 + (hash[5] - '0'));
  const std::string_view variants = "aby";
  return digits && rounds >= 4 && rounds <= most_bcrypt_rounds &&
         variants.find(hash[2]) != std::string_view::npos;
}

// bcrypt reads a C string: what has a NUL inside would match by its beginning.
std::optional<bool> matches_bcrypt(const Secret& password, std::string_view hash) {
  if (!is_bcrypt_hash(hash)) return std::nullopt;
  if (password.reveal().find('\0') != std::string_view::npos) return std::nullopt;
  const Secret phrase{std::string(password.reveal())};
  const auto work = std::make_unique<crypt_data>();
  const char* const made = crypt_r(phrase.reveal().data(), std::string(hash).c_str(), work.get());
  const bool matches = made && equal_in_constant_time(made, hash);
  OPENSSL_cleanse(work.get(), sizeof *work);
  return matches;
}

std::optional<bool> matches_bcrypt_sha256(const Secret& password, std::string_view hash) {
  return matches_bcrypt(Secret(to_hex(as_text(sha256(password.reveal())))), hash);
}

struct Format {
  std::string_view algorithm;
  std::optional<bool> (*matches)(const Secret& password, std::string_view rest);
};
constexpr Format formats[] = {
    {"pbkdf2_sha256", matches_pbkdf2_sha256},
    {"pbkdf2_sha1", matches_pbkdf2_sha1},
    {"argon2", matches_argon2},
    {"bcrypt_sha256", matches_bcrypt_sha256},
    {"bcrypt", matches_bcrypt},
    {"scrypt", matches_scrypt},
};

}  // namespace

std::optional<Pbkdf2Hash> parse_pbkdf2(std::string_view rest) {
  const auto parts = split(rest);
  if (parts.size() != 3 || parts[1].empty()) return std::nullopt;
  const auto iterations = parse_number(parts[0], most_pbkdf2_iterations);
  if (!iterations) return std::nullopt;
  return Pbkdf2Hash{static_cast<int>(*iterations), parts[1], parts[2]};
}

Secret pbkdf2_sha256(const Secret& password, std::string_view salt, int iterations) {
  const HmacSha256 hmac(password.reveal());
  using namespace std::string_view_literals;
  Sha256Digest last =
      hmac.sign(salt, "\0\0\0\1"sv);  // the number of the first block, which is the only one
  Sha256Digest all = last;
  for (int i = 1; i < iterations; ++i) {
    last = hmac.sign(as_text(last));
    for (std::size_t byte = 0; byte < all.size(); ++byte) all[byte] ^= last[byte];
  }
  Secret derived{std::string(as_text(all))};
  OPENSSL_cleanse(last.data(), last.size());
  OPENSSL_cleanse(all.data(), all.size());
  return derived;
}

std::optional<bool> matches_hash(const Secret& password, std::string_view encoded) {
  const std::size_t dollar = encoded.find('$');
  if (dollar == std::string_view::npos) return std::nullopt;
  for (const Format& format : formats) {
    if (encoded.substr(0, dollar) == format.algorithm) {
      return format.matches(password, encoded.substr(dollar + 1));
    }
  }
  return std::nullopt;
}

}  // namespace innkeeper::user
