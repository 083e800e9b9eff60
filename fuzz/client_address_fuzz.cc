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

session::TrustedProxies writing(const char* header, session::TrustedProxies trusted) {
  require(trusted.set_header(header));
  return trusted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view peer = take_line(input), list = take_line(input), forwarded = input;
  static const session::TrustedProxies some{*IpNetwork::parse("10.0.0.0/8")};
  static const session::TrustedProxies all{*IpNetwork::parse("0.0.0.0/0"),
                                           *IpNetwork::parse("::/0")};
  const auto connected = session::parse_hop(peer);
  for (const char* name : {"X-Forwarded-For", "Forwarded"}) {
    const bool x_list = name[0] == 'X';
    const std::string header(x_list ? list : forwarded);
    const std::string hop = x_list ? ", 203.0.113.7" : ", for=203.0.113.7";
    require(session::client_address(peer, header, writing(name, {})) == connected);
    require(!session::is_forwarded_https("203.0.113.9", header, writing(name, some)));
    for (const auto& trusted : {writing(name, some), writing(name, all)}) {
      const auto client = session::client_address(peer, header, trusted);
      require(client.has_value() == connected.has_value());
      if (client) require(session::parse_hop(client->to_string()) == client);
    }
    // Whatever comes before what a trusted proxy appended changes nothing.
    require(session::client_address("10.0.0.1", header + hop, writing(name, some)) ==
            IpAddress::parse("203.0.113.7"));
    require(!session::is_forwarded_https("10.0.0.1", header + hop, writing(name, some)));
  }
  return 0;
}
