#include "device/device.h"

#include <array>

namespace innkeeper::device {
namespace {

constexpr std::string_view unknown_part = "Other";  // ua-parser's word

// A family and its version as far as it is known: "Android 10", "Chrome Mobile 118.0.0.0".
template <class Versioned>
std::string pretty(const Versioned& part) {
  if (part.family.empty()) return std::string(unknown_part);
  std::string text = part.family;
  char before = ' ';
  for (const std::string* number : {&part.major, &part.minor, &part.patch, &part.patch_minor}) {
    if (number->empty()) break;
    text.append(1, before).append(*number);
    before = '.';
  }
  return text;
}

std::string with_number(std::string name, const std::string& number) {
  if (!number.empty()) name.append(" ").append(number);
  return name;
}

// Browsers say Windows 10 on Windows 11 too, and macOS 10.15 on everything later: those numbers
// would mislead, so they are left out.
std::string system_for_people(const System& system) {
  const std::string& major = system.major;
  if (system.family == "Windows") return major == "10" ? "Windows" : with_number("Windows", major);
  if (system.family == "Mac OS X") return major == "10" ? "macOS" : with_number("macOS", major);
  return with_number(system.family, major);
}

std::string bot_for_people(const Browser& browser) {
  if (browser.family.empty() || browser.family == unknown_part) return {};
  const bool has_minor = !browser.major.empty() && !browser.minor.empty();
  return with_number(browser.family,
                     has_minor ? browser.major + "." + browser.minor : browser.major);
}

// uap-core's families for devices that it can't name, and for computers, which the system names.
bool says_something(const std::string& hardware) {
  return !hardware.empty() && hardware != unknown_part && hardware != "K" &&
         !hardware.starts_with("Generic");
}

}  // namespace

std::string_view to_string(Kind kind) {
  constexpr std::array<std::string_view, 5> names{"desktop", "phone", "tablet", "bot", "other"};
  return names[static_cast<std::size_t>(kind)];
}

std::string Device::text() const {
  std::string text(hardware.family.empty() ? unknown_part : hardware.family);
  return text.append(" / ").append(pretty(system)).append(" / ").append(pretty(browser));
}

Description Device::description() const {
  using Form = Description::Form;
  if (kind == Kind::bot) {
    std::string bot = bot_for_people(browser);
    return {bot.empty() ? Form::unknown_bot : Form::plain, std::move(bot), {}};
  }
  const bool knows_browser = !browser.family.empty() && browser.family != unknown_part;
  const bool knows_system = !system.family.empty() && system.family != unknown_part;
  if (!knows_browser && !knows_system) {
    if (!says_something(hardware.family)) return {};
    return {Form::plain, hardware.family, {}};
  }
  if (!knows_browser) return {Form::unknown_browser_on_system, {}, system_for_people(system)};
  std::string text = with_number(browser.family, browser.major);
  if (!knows_system) return {Form::plain, std::move(text), {}};
  return {Form::browser_on_system, std::move(text), system_for_people(system)};
}

std::string_view to_string(Description::Form form) {
  constexpr std::array<std::string_view, 5> names{
      "plain", "browser on system", "unknown browser on system", "unknown bot", "unknown device"};
  return names[static_cast<std::size_t>(form)];
}

std::string Device::sentence() const {
  using Form = Description::Form;
  const Description told = description();
  switch (told.form) {
    case Form::plain:
      return told.browser;
    case Form::browser_on_system:
      return told.browser + " on " + told.system;
    case Form::unknown_browser_on_system:
      return "Unknown browser on " + told.system;
    case Form::unknown_bot:
      return "Unknown bot";
    case Form::unknown_device:
      break;
  }
  return "Unknown device";
}

bool same_device(const Device& one, const Device& other) {
  return one.browser.family == other.browser.family && one.system.family == other.system.family &&
         one.hardware == other.hardware;
}

}  // namespace innkeeper::device
