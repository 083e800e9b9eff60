#include "device/client_hints.h"

#include <algorithm>
#include <array>

#include "base/trim.h"
#include "device/text.h"

namespace innkeeper::device {
namespace {

struct Hint {
  std::string_view header;  // lower case
  std::string_view name;    // in the packed text
};
// The order of the packed text: what is missed most comes first, so that it is there where not all
// have room.
constexpr std::array<Hint, 6> all_hints{{
    {"sec-ch-ua-platform", "platform"},
    {"sec-ch-ua-platform-version", "platform-version"},
    {"sec-ch-ua-model", "model"},
    {"sec-ch-ua-mobile", "mobile"},
    {"sec-ch-ua-full-version-list", "full-version-list"},
    {"sec-ch-ua", "brands"},
}};
constexpr std::string_view between = "; ";

// The first byte at or after `at` that stands outside quotes and satisfies `wanted`; npos where
// there is none. `\` in quotes escapes the next byte (RFC 8941, 3.3.3).
template <class Wanted>
std::size_t find_unquoted(std::string_view text, std::size_t at, Wanted wanted) {
  bool quoted = false;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && wanted(at)) {
      return at;
    }
  }
  return text.npos;
}

bool quotes_are_closed(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    }
  }
  return !quoted;
}

// A structured field is printable ASCII; anything else would not survive the packing.
bool can_be_packed(std::string_view value) {
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
  return !value.empty() && printable && quotes_are_closed(value);
}

std::string unquoted(std::string_view value) {
  value = trimmed(value, white_space);
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string text;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    text += value[i];
  }
  return without_controls(text);
}

// The hint that begins at `at` (its name and a `=`), or null.
const Hint* hint_at(std::string_view packed, std::size_t at) {
  const std::string_view rest = packed.substr(std::min(at, packed.size()));
  const auto found = std::find_if(all_hints.begin(), all_hints.end(), [rest](const Hint& hint) {
    return rest.size() > hint.name.size() && rest.starts_with(hint.name) &&
           rest[hint.name.size()] == '=';
  });
  return found == all_hints.end() ? nullptr : &*found;
}

struct Brand {
  std::string name, version;
};

// `"Google Chrome";v="118.0.5993.88"` → its name and version.
Brand read_brand(std::string_view item) {
  const std::size_t parameters =
      find_unquoted(item, 0, [&](std::size_t at) { return item[at] == ';'; });
  Brand brand{unquoted(item.substr(0, parameters)), {}};
  if (parameters == item.npos) return brand;
  const std::string_view parameter = trimmed(item.substr(parameters + 1), white_space);
  if (parameter.starts_with("v=")) brand.version = unquoted(parameter.substr(2));
  return brand;
}

// Browsers add a made-up brand, differently written each time ("Not/A)Brand"), so that nobody
// depends on the list's form.
bool is_made_up(const std::string& name) { return has(name, "Not") && has(name, "Brand"); }

// The brand that says most: a product before the Chromium in it.
Brand choose_brand(std::string_view list) {
  Brand chosen;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(
        list.size(), find_unquoted(list, begin, [&](std::size_t at) { return list[at] == ','; }));
    Brand brand = read_brand(list.substr(begin, end - begin));
    begin = end + 1;
    if (brand.name.empty() || is_made_up(brand.name)) continue;
    if (chosen.name.empty() || chosen.name == "Chromium") chosen = std::move(brand);
  }
  return chosen;
}

void take(ClientHints& hints, const Hint& hint, std::string_view value) {
  if (hint.name == "platform") hints.platform = unquoted(value);
  if (hint.name == "platform-version") hints.platform_version = unquoted(value);
  if (hint.name == "model") hints.model = unquoted(value);
  if (hint.name == "mobile" && (value == "?1" || value == "?0")) hints.mobile = value == "?1";
  if (hint.name == "full-version-list") {
    Brand brand = choose_brand(value);
    hints.brand = std::move(brand.name);
    hints.full_version = std::move(brand.version);
  }
  // The plain list names the brand with its major version only, so it comes second.
  if (hint.name == "brands" && hints.brand.empty()) hints.brand = choose_brand(value).name;
}

}  // namespace

std::string_view accept_ch() {
  return "Sec-CH-UA-Platform, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Mobile, "
         "Sec-CH-UA-Full-Version-List, Sec-CH-UA";
}

std::string pack_client_hints(
    const std::function<std::optional<std::string_view>(std::string_view)>& header) {
  std::string packed;
  for (const Hint& hint : all_hints) {
    const std::optional<std::string_view> given = header(hint.header);
    const std::string_view value = trimmed(given.value_or(std::string_view()), white_space);
    if (!can_be_packed(value)) continue;
    const std::string_view separator = packed.empty() ? std::string_view() : between;
    const std::size_t size = separator.size() + hint.name.size() + 1 + value.size();
    if (packed.size() + size > client_hints_limit) continue;
    packed.append(separator).append(hint.name).append("=").append(value);
  }
  return packed;
}

ClientHints read_client_hints(std::string_view packed) {
  ClientHints hints;
  packed = packed.substr(0, client_hints_limit);
  for (std::size_t at = 0; at < packed.size();) {
    const auto begins_next = [&](std::size_t i) {
      return packed.substr(i).starts_with(between) && hint_at(packed, i + between.size());
    };
    const std::size_t end = std::min(packed.size(), find_unquoted(packed, at, begins_next));
    if (const Hint* hint = hint_at(packed, at)) {
      const std::size_t value = at + hint->name.size() + 1;
      take(hints, *hint, packed.substr(value, end - value));
    }
    at = end + between.size();
  }
  return hints;
}

}  // namespace innkeeper::device
