// The forwarding headers. The input's lines: the peer, X-Forwarded-For, Forwarded.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "session/client_address.h"

namespace {

using namespace innkeeper;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view peer = take_line(input), list = take_line(input), forwarded = input;
  static const session::TrustedProxies some{*IpNetwork::parse("10.0.0.0/8")};
  static const session::TrustedProxies all{*IpNetwork::parse("0.0.0.0/0"),
                                           *IpNetwork::parse("::/0")};
  const auto connected = session::parse_hop(peer);
  require(session::client_address(peer, list, forwarded, {}) == connected);
  for (const auto& trusted : {some, all}) {
    const auto client = session::client_address(peer, list, forwarded, trusted);
    require(client.has_value() == connected.has_value());
    if (client) require(session::parse_hop(client->to_string()) == client);
    // Whatever comes before what a trusted proxy appended changes nothing.
    require(session::client_address("10.0.0.1", "", std::string(forwarded) + ", for=203.0.113.7",
                                    some) == IpAddress::parse("203.0.113.7"));
    require(session::client_address("10.0.0.1", std::string(list) + ", 203.0.113.7", forwarded,
                                    some) == IpAddress::parse("203.0.113.7"));
  }
  return 0;
}
