// An IP address and a network of them: parsed here, never by getaddrinfo, so that no look-up can
// leave the machine.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace innkeeper {

// IPv4 or IPv6, 16 bytes; an IPv4 address is held in its mapped form ::ffff:a.b.c.d, and a mapped
// address *is* that IPv4 address. A value type; thread-safe.
class IpAddress {
 public:
  IpAddress() = default;  // ::

  // Reads dotted IPv4 (four decimal parts, no leading zeros) or IPv6 text, with nothing around it:
  // no port, brackets, zone or space. Nothing for anything else.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress from_bytes(const std::array<std::uint8_t, 16>& bytes) {
    return IpAddress(bytes);
  }

  bool is_v4() const;
  // Loopback, private, link-local, unspecified, multicast, documentation is NOT among them:
  // addresses that no location database knows (RFC 1918, 4193, 3927, 4291, 6598).
  bool is_local() const;
  const std::array<std::uint8_t, 16>& bytes() const { return m_bytes; }
  // The canonical text: dotted for IPv4, RFC 5952 for IPv6.
  std::string to_string() const;
  auto operator<=>(const IpAddress&) const = default;

 private:
  explicit IpAddress(const std::array<std::uint8_t, 16>& bytes) : m_bytes(bytes) {}
  std::array<std::uint8_t, 16> m_bytes{};
};

// A CIDR block such as 10.0.0.0/8 or 2001:db8::/32. Bits beyond the prefix are cleared.
class IpNetwork {
 public:
  // "ADDRESS" (one host) or "ADDRESS/PREFIX". Nothing for anything else.
  static std::optional<IpNetwork> parse(std::string_view text);
  bool contains(const IpAddress& address) const;
  const IpAddress& first() const { return m_first; }
  IpAddress last() const;
  // Counted in the family's own bits: 0–32 for IPv4, 0–128 for IPv6.
  int prefix_length() const { return m_first.is_v4() ? m_prefix - 96 : m_prefix; }
  std::string to_string() const;
  bool operator==(const IpNetwork&) const = default;

 private:
  IpNetwork(const IpAddress& first, int prefix) : m_first(first), m_prefix(prefix) {}
  IpAddress m_first;
  int m_prefix;  // in bits of the 16-byte form
};

}  // namespace innkeeper
