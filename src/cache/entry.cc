#include "cache/entry.h"

#include <algorithm>

#include "base/big_endian.h"

namespace innkeeper::cache {

namespace {

constexpr char format_version = 1;
constexpr std::size_t format_at = stamp_size;
constexpr std::size_t kind_at = format_at + 1;
constexpr std::size_t expires_at = kind_at + 1;
constexpr std::size_t body_at = expires_at + 8;
constexpr std::size_t mac_size = 16;

// A purpose of its own, so that no signature made elsewhere with SECRET_KEY is ever a seal.
HmacSha256 signer_for(const Secret& secret_key) {
  const Secret material("innkeeper.cache.entry" + std::string(secret_key.reveal()));
  return HmacSha256(as_text(sha256(material.reveal())));
}

// The NUL keeps key and entry apart: no key holds one, so no other split of the same bytes is a key
// and an entry.
std::string mac_of(const HmacSha256& signer, std::string_view key, std::string_view sealed) {
  std::string name;
  name.reserve(key.size() + 1);
  name.append(key).push_back('\0');
  const Sha256Digest digest = signer.sign(name, sealed);
  return std::string(as_text(digest).substr(0, mac_size));
}

bool is_known(char kind) {
  return kind >= static_cast<char>(EntryKind::session) &&
         kind <= static_cast<char>(EntryKind::feed);
}

Entry parse(std::string_view sealed) {
  Entry entry;
  entry.kind = static_cast<EntryKind>(sealed[kind_at]);
  entry.stamp = *stamp_of(sealed);
  entry.expires = Time(Duration(static_cast<Duration::rep>(get_big_endian(&sealed[expires_at]))));
  entry.body = sealed.substr(body_at);
  return entry;
}

}  // namespace

std::array<char, stamp_size> stamp_bytes(Stamp stamp) {
  std::array<char, stamp_size> bytes;
  put_big_endian(stamp.version, bytes.data());
  put_big_endian(stamp.order, bytes.data() + 8);
  return bytes;
}

std::optional<Stamp> stamp_of(std::string_view value) {
  if (value.size() < stamp_size) return std::nullopt;
  return Stamp{get_big_endian(value.data()), get_big_endian(value.data() + 8)};
}

EntrySealer::EntrySealer(const Secret& secret_key, const std::vector<Secret>& fallbacks) {
  m_signers.push_back(signer_for(secret_key));
  for (const Secret& fallback : fallbacks) m_signers.push_back(signer_for(fallback));
}

std::string EntrySealer::seal(std::string_view key, const Entry& entry) const {
  std::string sealed(body_at, '\0');
  sealed.reserve(body_at + entry.body.size() + mac_size);
  std::ranges::copy(stamp_bytes(entry.stamp), sealed.begin());
  sealed[format_at] = format_version;
  sealed[kind_at] = static_cast<char>(entry.kind);
  put_big_endian(static_cast<std::uint64_t>(entry.expires.time_since_epoch().count()),
                 &sealed[expires_at]);
  sealed += entry.body;
  sealed += mac_of(m_signers.front(), key, sealed);
  return sealed;
}

EntrySealer::Opened EntrySealer::open(std::string_view key, std::string_view value,
                                      Time now) const {
  if (value.size() < body_at + mac_size) return {std::nullopt, Refusal::malformed};
  if (value[format_at] != format_version) return {std::nullopt, Refusal::other_format};
  const std::string_view sealed = value.substr(0, value.size() - mac_size);
  const std::string_view mac = value.substr(sealed.size());
  const bool authentic = std::ranges::any_of(m_signers, [&](const HmacSha256& signer) {
    return equal_in_constant_time(mac_of(signer, key, sealed), mac);
  });
  if (!authentic) return {std::nullopt, Refusal::forged};
  if (!is_known(sealed[kind_at])) return {std::nullopt, Refusal::malformed};
  Entry entry = parse(sealed);
  if (entry.expires <= now) return {std::nullopt, Refusal::expired};
  return {std::move(entry), {}};
}

}  // namespace innkeeper::cache
