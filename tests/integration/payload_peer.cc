// The codec as a filter, line by line, for payload_peer_test.py to speak with.
//
//   payload_peer canonical   JSON in any spelling → canonical JSON
//   payload_peer sign        JSON in any spelling → the signed text of its canonical form
//   payload_peer open        signed text → its JSON, taken apart into members and joined again
//
// A refused line gives "!" and the reason.
#include <iostream>
#include <string>

#include "codec/json.h"
#include "codec/payload.h"

namespace {

using namespace innkeeper;

// The same as in payload_peer_test.py.
const codec::PayloadCodec& payload_codec() {
  static const codec::PayloadCodec codec(
      {Secret(std::string("peer-current-key")), {Secret(std::string("peer-older-key"))}});
  return codec;
}

std::string refused(codec::JsonError error) {
  return "!" + std::to_string(static_cast<int>(error));
}

std::string canonical(const std::string& line) {
  const auto text = codec::canonical_json(line);
  return text ? *text : refused(text.error());
}

std::string sign(const std::string& line) {
  const auto text = codec::canonical_json(line);
  return text ? payload_codec().encode(*text, Time(Seconds(1'700'000'000))) : refused(text.error());
}

std::string open(const std::string& line) {
  const auto content = payload_codec().decode(line);
  if (!content) return "!" + std::string(describe(content.error()));
  const auto fields = codec::parse_object(*content);
  return fields ? codec::join_object(*fields) : refused(fields.error());
}

}  // namespace

int main(int count, char** arguments) {
  const std::string what = count == 2 ? arguments[1] : "";
  const auto filter = what == "canonical" ? canonical : what == "sign" ? sign : open;
  if (filter == open && what != "open") {
    std::cerr << "usage: payload_peer canonical|sign|open\n";
    return 2;
  }
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) std::cout << filter(line) << '\n';
  return 0;
}
