#include "device/kind.h"

#include <algorithm>
#include <array>

#include "device/text.h"

namespace innkeeper::device {
namespace {

template <std::size_t N>
bool any_in(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [text](std::string_view part) { return has(text, part); });
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& whole) {
  return std::find(whole.begin(), whole.end(), text) != whole.end();
}

// Words by which televisions, consoles, watches and headsets name themselves.
constexpr std::array<std::string_view, 22> neither_computer_nor_phone{
    "SMART-TV",   "SmartTV",   "Smart TV",      "SmartHub", "GoogleTV", "Google TV",
    "Android TV", "AndroidTV", "AppleTV",       "HbbTV",    "BRAVIA",   "CrKey",
    "; AFT",      "NetCast",   "Web0S",         "webOS.TV", "Roku",     "PlayStation",
    "Nintendo",   "Xbox",      "OculusBrowser", "Watch",
};
constexpr std::array<std::string_view, 8> television_systems{
    "tvOS", "ATV OS X", "WatchOS", "FireTV", "Chromecast", "Roku", "GoogleTV", "BREW"};

constexpr std::array<std::string_view, 14> phone_systems{
    "Windows Phone",   "Windows Mobile",  "Windows CE", "BlackBerry OS", "BlackBerry Tablet OS",
    "Firefox OS",      "KaiOS",           "Symbian OS", "Symbian^3",     "Symbian^3 Anna",
    "Symbian^3 Belle", "Nokia Series 40", "MeeGo",      "Bada"};

constexpr std::array<std::string_view, 28> desktop_systems{
    "Windows",   "Mac OS X",  "Mac OS",      "Linux",      "Ubuntu",   "Debian",  "Fedora",
    "Chrome OS", "FreeBSD",   "OpenBSD",     "NetBSD",     "Solaris",  "Red Hat", "CentOS",
    "SUSE",      "Gentoo",    "Arch Linux",  "Linux Mint", "Mandriva", "Kubuntu", "Puppy",
    "PCLinuxOS", "Slackware", "VectorLinux", "AIX",        "HP-UX",    "BeOS",    "Haiku"};

// uap-core finds systems for programs too ("python-requests … Linux"); a person's browser says
// Mozilla, or Opera in its old days.
bool is_browser_text(std::string_view text) {
  return text.starts_with("Mozilla/") || text.starts_with("Opera/") || has(text, "AppleWebKit");
}

// Android tells a tablet by leaving "Mobile" out.
Kind android_kind(std::string_view text, const ClientHints& hints) {
  if (has(text, "Tablet")) return Kind::tablet;
  if (hints.mobile) return *hints.mobile ? Kind::phone : Kind::tablet;
  const bool handheld = has(text, "Mobile") || !is_browser_text(text);
  return handheld ? Kind::phone : Kind::tablet;
}

Kind handheld_kind(const Device& device, std::string_view text) {
  if (device.hardware.family.starts_with("iPad") || has(text, "iPad")) return Kind::tablet;
  return has(text, "Tablet") || has(text, "PlayBook") ? Kind::tablet : Kind::phone;
}

}  // namespace

Kind kind_of(const Device& device, std::string_view text, const ClientHints& hints) {
  const std::string_view system = device.system.family;
  if (device.hardware.family == "Spider") return Kind::bot;
  if (any_in(text, neither_computer_nor_phone) || is_one_of(system, television_systems)) {
    return Kind::other;
  }
  if (system == "Android" || system == "HarmonyOS" || system == "OpenHarmony") {
    return android_kind(text, hints);
  }
  if (device.hardware.family.starts_with("Kindle")) return Kind::tablet;
  if (system == "iOS" || is_one_of(system, phone_systems)) return handheld_kind(device, text);
  if (device.hardware.brand == "Generic" && has(device.hardware.model, "Phone")) return Kind::phone;
  if (is_one_of(system, desktop_systems)) {
    return is_browser_text(text) ? Kind::desktop : Kind::other;
  }
  return Kind::other;
}

}  // namespace innkeeper::device
