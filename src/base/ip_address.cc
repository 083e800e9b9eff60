#include "base/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace innkeeper {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t longest_text = 45;

bool shares_prefix(const std::array<std::uint8_t, 16>& left,
                   const std::array<std::uint8_t, 16>& right, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(left.data(), right.data(), whole) != 0) return false;
  const int rest = bits % 8;
  return rest == 0 || (left[whole] >> (8 - rest)) == (right[whole] >> (8 - rest));
}

void set_bits_from(std::array<std::uint8_t, 16>& bytes, int bits, bool value) {
  for (int bit = bits; bit < 128; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    auto& byte = bytes[static_cast<std::size_t>(bit / 8)];
    byte = static_cast<std::uint8_t>(value ? byte | mask : byte & ~mask);
  }
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.empty() || text.size() > longest_text) return std::nullopt;
  char terminated[longest_text + 1];
  text.copy(terminated, text.size());
  terminated[text.size()] = '\0';
  if (std::strlen(terminated) != text.size()) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  if (text.find(':') != std::string_view::npos) {
    if (::inet_pton(AF_INET6, terminated, bytes.data()) != 1) return std::nullopt;
  } else {
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
    if (::inet_pton(AF_INET, terminated, bytes.data() + mapped_prefix.size()) != 1)
      return std::nullopt;
  }
  return IpAddress(bytes);
}

bool IpAddress::is_v4() const {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), m_bytes.begin());
}

bool IpAddress::is_local() const {
  static const std::array<IpNetwork, 14> networks = [] {
    constexpr const char* texts[] = {
        "0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4",   "240.0.0.0/4", "::/128",
        "::1/128",       "fc00::/7",       "fe80::/10",     "ff00::/8"};
    const auto network = [&](std::size_t i) { return *IpNetwork::parse(texts[i]); };
    return std::array<IpNetwork, 14>{network(0),  network(1),  network(2),  network(3), network(4),
                                     network(5),  network(6),  network(7),  network(8), network(9),
                                     network(10), network(11), network(12), network(13)};
  }();
  return std::any_of(networks.begin(), networks.end(),
                     [this](const IpNetwork& n) { return n.contains(*this); });
}

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN];
  if (is_v4()) {
    ::inet_ntop(AF_INET, m_bytes.data() + mapped_prefix.size(), text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, m_bytes.data(), text, sizeof text);
  }
  return text;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool v4 = address->is_v4() && text.substr(0, slash).find(':') == std::string_view::npos;
  int prefix = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    int given = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), given);
    if (error != std::errc{} || end != digits.data() + digits.size() || given < 0 || given > prefix)
      return std::nullopt;
    prefix = given;
  }
  if (v4) prefix += 96;
  auto bytes = address->bytes();
  set_bits_from(bytes, prefix, false);
  return IpNetwork(IpAddress::from_bytes(bytes), prefix);
}

bool IpNetwork::contains(const IpAddress& address) const {
  // ::/0 and the like speak of IPv6 only; an IPv4 address lies in an IPv4 network or in none.
  if (m_first.is_v4() != address.is_v4()) return false;
  return shares_prefix(m_first.bytes(), address.bytes(), m_prefix);
}

IpAddress IpNetwork::last() const {
  auto bytes = m_first.bytes();
  set_bits_from(bytes, m_prefix, true);
  return IpAddress::from_bytes(bytes);
}

std::string IpNetwork::to_string() const {
  return m_first.to_string() + '/' + std::to_string(prefix_length());
}

}  // namespace innkeeper
