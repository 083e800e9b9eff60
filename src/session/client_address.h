// The client's address, from the peer of the connection and what trusted proxies say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace innkeeper::session {

// TRUSTED_PROXIES: the networks whose forwarding headers are believed. Empty: none, the peer is the
// client.
using TrustedProxies = std::vector<IpNetwork>;

// Reads one hop of X-Forwarded-For or `for=` of Forwarded (RFC 7239): an address with or without
// port, IPv6 in brackets, a zone ("%eth0", dropped), quotes, mapped addresses. Nothing for
// "unknown", "_hidden" and junk.
std::optional<IpAddress> parse_hop(std::string_view text);

// The client's address: starting from `peer`, as long as the address in hand is a trusted proxy,
// the next hop is taken from the right. A hop that cannot be read ends the walk at the proxy that
// reported it. Nothing only where `peer` is no address (a Unix socket).
//
// `x_forwarded_for` is every such header joined by commas, `forwarded` likewise. X-Forwarded-For is
// what proxies write by default, and they hand on a Forwarded that a client made up; so Forwarded
// is looked at only where there is no X-Forwarded-For. A site whose proxies write Forwarded alone
// has them remove X-Forwarded-For, or passes "" for it.
std::optional<IpAddress> client_address(std::string_view peer, std::string_view x_forwarded_for,
                                        std::string_view forwarded, const TrustedProxies& trusted);

}  // namespace innkeeper::session
