// The client's address, from the peer of the connection and what trusted proxies say.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace innkeeper::session {

// TRUSTED_PROXIES: whose forwarding header is believed. Empty: nobody's, the peer is the client.
// FORWARDED_HEADER: which it is, of the two that proxies write. Exactly one: a proxy that writes
// the one hands on the other as the client made it up.
class TrustedProxies {
 public:
  TrustedProxies(std::initializer_list<IpNetwork> networks = {}) : m_networks(networks) {}

  // A word of the setting: an address, a network, or `unix`, which is whoever comes by a Unix
  // socket. False for anything else, which changes nothing.
  [[nodiscard]] bool add(std::string_view word);

  // FORWARDED_HEADER: X-Forwarded-For, which is the one at first, or Forwarded. False for any other
  // word, which changes nothing.
  [[nodiscard]] bool set_header(std::string_view name);

  // The header that names the client; and the one that names the scheme by which it asked.
  // Forwarded does both, beside X-Forwarded-For stands X-Forwarded-Proto.
  std::string_view address_header() const;
  std::string_view scheme_header() const;
  bool writes_forwarded() const { return m_forwarded; }

  bool trusts(const IpAddress& address) const;
  // The peer of a connection as a server names it: the empty text is a Unix socket's.
  bool trusts_peer(std::string_view peer) const;

 private:
  std::vector<IpNetwork> m_networks;
  bool m_unix_sockets = false, m_forwarded = false;
};

// Reads one hop of X-Forwarded-For or `for=` of Forwarded (RFC 7239): an address with or without
// port, IPv6 in brackets, a zone ("%eth0", dropped), quotes, mapped addresses. Nothing for
// "unknown", "_hidden" and junk.
std::optional<IpAddress> parse_hop(std::string_view text);

// The client's address: starting from `peer`, as long as the address in hand is a trusted proxy,
// the next hop is taken from the right. A hop that cannot be read ends the walk at the proxy that
// reported it. Nothing only where `peer` is no address: junk, or a Unix socket (the empty text)
// that is not trusted, or whose proxy names no client.
//
// `header` is every `trusted.address_header()` of the request, joined by commas.
std::optional<IpAddress> client_address(std::string_view peer, std::string_view header,
                                        const TrustedProxies& trusted);

// Whether the client speaks TLS with the proxy next to us, where that is trusted and says so:
// `header` is every `trusted.scheme_header()`, joined by commas, of which only the last word
// counts.
bool is_forwarded_https(std::string_view peer, std::string_view header,
                        const TrustedProxies& trusted);

}  // namespace innkeeper::session
