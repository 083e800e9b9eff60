// The client's address, from the peer of the connection and what trusted proxies say.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace innkeeper::session {

// TRUSTED_PROXIES: whose forwarding headers are believed. Empty: nobody's, the peer is the client.
class TrustedProxies {
 public:
  TrustedProxies(std::initializer_list<IpNetwork> networks = {}) : m_networks(networks) {}

  // A word of the setting: an address, a network, or `unix`, which is whoever comes by a Unix
  // socket. False for anything else, which changes nothing.
  [[nodiscard]] bool add(std::string_view word);

  bool trusts(const IpAddress& address) const;
  // The peer of a connection as a server names it: the empty text is a Unix socket's.
  bool trusts_peer(std::string_view peer) const;

 private:
  std::vector<IpNetwork> m_networks;
  bool m_unix_sockets = false;
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
// `x_forwarded_for` is every such header joined by commas, `forwarded` likewise. X-Forwarded-For is
// what proxies write by default, and they hand on a Forwarded that a client made up; so Forwarded
// is looked at only where there is no X-Forwarded-For. A site whose proxies write Forwarded alone
// has them remove X-Forwarded-For, or passes "" for it.
std::optional<IpAddress> client_address(std::string_view peer, std::string_view x_forwarded_for,
                                        std::string_view forwarded, const TrustedProxies& trusted);

}  // namespace innkeeper::session
