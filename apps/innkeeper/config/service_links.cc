#include "config/service_links.h"

#include <algorithm>
#include <array>

namespace innkeeper::app {
namespace {

// Whether `name` is `word`, or ends in it after an underscore.
bool ends_in(std::string_view name, std::string_view word) {
  if (!name.ends_with(word)) return false;
  name.remove_suffix(word.size());
  return name.empty() || name.ends_with('_');
}

// The same where more may follow: SERVICE_PORT_WEB.
bool has_word(std::string_view name, std::string_view word) {
  for (std::size_t at = name.find(word); at != name.npos; at = name.find(word, at + 1)) {
    const std::string_view rest = name.substr(at + word.size());
    if (ends_in(name.substr(0, at + word.size()), word) && (rest.empty() || rest.front() == '_'))
      return true;
  }
  return false;
}

bool is_address(std::string_view value) {
  constexpr std::array<std::string_view, 3> schemes{"tcp://", "udp://", "sctp://"};
  return std::ranges::any_of(schemes, [&](auto scheme) { return value.starts_with(scheme); });
}

// [NAME_]PORT_8080_TCP
bool is_numbered_port(std::string_view name) {
  for (const std::string_view protocol : {"_TCP", "_UDP", "_SCTP"}) {
    if (!name.ends_with(protocol)) continue;
    name.remove_suffix(protocol.size());
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    const std::string_view rest = name.substr(0, digits);
    return digits < name.size() && rest.ends_with('_') &&
           ends_in(rest.substr(0, digits - 1), "PORT");
  }
  return false;
}

// [NAME_]PORT_8080_TCP_ADDR
bool is_part_of_port(std::string_view name) {
  constexpr std::array<std::string_view, 3> parts{"_ADDR", "_PORT", "_PROTO"};
  return std::ranges::any_of(parts, [&](auto part) {
    return name.ends_with(part) && is_numbered_port(name.substr(0, name.size() - part.size()));
  });
}

}  // namespace

bool is_service_link(std::string_view name, std::string_view value) {
  if (ends_in(name, "SERVICE_HOST") || has_word(name, "SERVICE_PORT")) return true;
  if (ends_in(name, "PORT") && is_address(value)) return true;
  if (is_numbered_port(name)) return is_address(value);
  if (is_part_of_port(name)) return true;
  const bool is_path = value.starts_with('/') && value.find('/', 1) != value.npos;
  return (name == "NAME" && is_path) || name.starts_with("ENV_");
}

}  // namespace innkeeper::app
