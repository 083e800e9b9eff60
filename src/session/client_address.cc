#include "session/client_address.h"

#include <algorithm>

#include "base/same_name.h"
#include "base/trim.h"
#include "session/forwarded.h"

namespace innkeeper::session {

namespace {

constexpr std::string_view x_forwarded_for = "X-Forwarded-For", forwarded = "Forwarded";

// No address with port, zone, brackets and quotes is longer.
constexpr std::size_t longest_hop = 128;

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool consists_of(std::string_view text, std::string_view characters, std::string_view more = {}) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return characters.find(c) != std::string_view::npos || more.find(c) != std::string_view::npos;
  });
}

// ":1234", or RFC 7239's ":_hidden"; nothing at all will do as well.
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  if (!text.starts_with(':') || text.size() < 2) return false;
  text.remove_prefix(1);
  if (text.front() == '_') return text.size() > 1 && consists_of(text, letters_and_digits, "._-");
  return text.size() <= 5 && consists_of(text, "0123456789");
}

// An IPv6 address and perhaps a zone, which means something on the machine that wrote it only.
std::optional<IpAddress> parse_v6(std::string_view text) {
  const std::size_t percent = text.find('%');
  if (percent != std::string_view::npos) {
    const std::string_view zone = text.substr(percent + 1);
    if (zone.empty() || !consists_of(zone, letters_and_digits, "._~-")) return std::nullopt;
    text = text.substr(0, percent);
  }
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  return IpAddress::parse(text);
}

std::optional<IpAddress> parse_bracketed(std::string_view text) {
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || !is_port(text.substr(end + 1))) return std::nullopt;
  return parse_v6(text.substr(1, end - 1));
}

// `take_hop` takes the next hop off the right end of the header, as an address where it is one.
// `client` is nothing for a Unix socket that is trusted.
template <class TakeHop>
std::optional<IpAddress> walk(std::optional<IpAddress> client, std::string_view header,
                              const TrustedProxies& trusted, TakeHop take_hop) {
  while (!header.empty() && (!client || trusted.trusts(*client))) {
    const std::optional<IpAddress> hop = take_hop(header);
    if (!hop) break;
    client = hop;
  }
  return client;
}

std::optional<IpAddress> take_x_forwarded_for(std::string_view& header) {
  const std::size_t comma = header.rfind(',');
  const bool last = comma == std::string_view::npos;
  const std::string_view hop = last ? header : header.substr(comma + 1);
  header = last ? std::string_view() : header.substr(0, comma);
  return parse_hop(hop);
}

std::optional<IpAddress> take_forwarded(std::string_view& header) {
  const auto node = parameter(take_last_element(header), "for");
  return node ? parse_hop(*node) : std::nullopt;
}

}  // namespace

bool TrustedProxies::add(std::string_view word) {
  if (word == "unix") {
    m_unix_sockets = true;
    return true;
  }
  const auto network = IpNetwork::parse(word);
  if (network) m_networks.push_back(*network);
  return network.has_value();
}

bool TrustedProxies::set_header(std::string_view name) {
  if (name != x_forwarded_for && name != forwarded) return false;
  m_forwarded = name == forwarded;
  return true;
}

std::string_view TrustedProxies::address_header() const {
  return m_forwarded ? forwarded : x_forwarded_for;
}

std::string_view TrustedProxies::scheme_header() const {
  return m_forwarded ? forwarded : "X-Forwarded-Proto";
}

bool TrustedProxies::trusts(const IpAddress& address) const {
  return std::any_of(m_networks.begin(), m_networks.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

bool TrustedProxies::trusts_peer(std::string_view peer) const {
  if (peer.empty()) return m_unix_sockets;
  const auto address = parse_hop(peer);
  return address && trusts(*address);
}

std::optional<IpAddress> parse_hop(std::string_view text) {
  if (text.size() > longest_hop) return std::nullopt;
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.starts_with('[')) return parse_bracketed(text);
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) != std::string_view::npos) {
    return parse_v6(text);
  }
  if (colon != std::string_view::npos && !is_port(text.substr(colon))) return std::nullopt;
  return IpAddress::parse(text.substr(0, colon));
}

std::optional<IpAddress> client_address(std::string_view peer, std::string_view header,
                                        const TrustedProxies& trusted) {
  const auto connected = parse_hop(peer);
  const bool by_trusted_socket = peer.empty() && trusted.trusts_peer(peer);
  if (!connected && !by_trusted_socket) return std::nullopt;
  return trusted.writes_forwarded() ? walk(connected, header, trusted, take_forwarded)
                                    : walk(connected, header, trusted, take_x_forwarded_for);
}

bool is_forwarded_https(std::string_view peer, std::string_view header,
                        const TrustedProxies& trusted) {
  if (!trusted.trusts_peer(peer)) return false;
  if (trusted.writes_forwarded()) {
    return same_name(parameter(take_last_element(header), "proto").value_or(""), "https");
  }
  const std::size_t last = header.find_last_of(", ");
  return same_name(last == header.npos ? header : header.substr(last + 1), "https");
}

}  // namespace innkeeper::session
