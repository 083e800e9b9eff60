#include "device/refine.h"

#include <array>

#include "base/utf8.h"
#include "device/text.h"

namespace innkeeper::device {
namespace {

constexpr std::string_view hidden_model = "; K)";

using Version = std::array<std::string_view, 4>;

// "14.5.0" → 14, 5, 0 and nothing. A text of other characters is no version: all empty.
Version split_version(std::string_view text) {
  Version parts;
  for (std::size_t i = 0; i < parts.size() && !text.empty(); ++i) {
    const std::size_t dot = text.find('.');
    parts[i] = text.substr(0, dot);
    if (to_number(parts[i]) < 0) return {};
    text = dot == text.npos ? std::string_view() : text.substr(dot + 1);
  }
  return parts;
}

// Platforms always give three parts; "14.0.0" is Android 14 to everybody.
Version without_trailing_zeros(Version version) {
  for (std::size_t i = version.size() - 1; i > 0 && to_number(version[i]) <= 0; --i)
    version[i] = {};
  return version;
}

void set_version(System& system, const Version& version) {
  system.major = version[0];
  system.minor = version[1];
  system.patch = version[2];
  system.patch_minor = version[3];
}

void refine_windows(System& system, const Version& version) {
  const int number = to_number(version[0]);
  if (number >= 13) {
    set_version(system, {"11"});
  } else if (number >= 1) {
    set_version(system, {"10"});
  }
  // 0 is Windows 7 or 8, which the User-Agent tells.
}

void refine_system(System& system, const ClientHints& hints) {
  const Version version = split_version(hints.platform_version);
  if (version[0].empty()) return;
  if (hints.platform == "Windows" && system.family == "Windows") {
    refine_windows(system, version);
  } else if ((hints.platform == "macOS" && system.family == "Mac OS X") ||
             (hints.platform == "Android" && system.family == "Android") ||
             (hints.platform == "Chrome OS" && system.family == "Chrome OS")) {
    set_version(system, without_trailing_zeros(version));
  }
}

// "Google Chrome" is Chrome, "Microsoft Edge" is Edge.
std::string_view short_name(std::string_view brand) {
  for (const std::string_view maker : {"Google ", "Microsoft "}) {
    if (brand.starts_with(maker)) return brand.substr(maker.size());
  }
  return brand;
}

bool is_plain_chrome(std::string_view family) {
  return family == "Chrome" || family == "Chrome Mobile";
}

void refine_browser(Browser& browser, const ClientHints& hints) {
  const Version version = split_version(hints.full_version);
  if (browser.family.empty() || version[0].empty()) return;
  const std::string_view brand = short_name(hints.brand);
  const bool same_name = browser.family.starts_with(brand) || brand == "Chromium";
  if (same_name ? browser.major != version[0] : !is_plain_chrome(browser.family)) return;
  if (!same_name) browser.family = valid_utf8(brand);
  browser.major = version[0];
  browser.minor = version[1];
  browser.patch = version[2];
  browser.patch_minor = version[3];
}

}  // namespace

std::string with_model(std::string_view user_agent, const ClientHints& hints) {
  const std::size_t place = user_agent.find(hidden_model);
  if (hints.model.empty() || place == user_agent.npos) return {};
  std::string text(user_agent);
  return text.replace(place + 2, 1, hints.model);
}

void refine(Device& device, const ClientHints& hints) {
  refine_system(device.system, hints);
  refine_browser(device.browser, hints);
}

}  // namespace innkeeper::device
