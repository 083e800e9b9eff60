// What client hints know better than a frozen User-Agent.
#pragma once

#include <string>
#include <string_view>

#include "device/client_hints.h"
#include "device/device.h"

namespace innkeeper::device {

// Chromium writes every Android phone as "(Linux; Android 10; K)". This puts the model of the hint
// back where it used to stand, so that uap-core's own rules find brand and model. Empty where there
// is no such place, or no model.
std::string with_model(std::string_view user_agent, const ClientHints& hints);

// Corrects what was read from the User-Agent:
// - the version of Windows (Sec-CH-UA-Platform-Version of 13 and more is Windows 11; Microsoft's
//   table in "Detect Windows 11 using User-Agent Client Hints"), macOS, Android and Chrome OS;
// - the browser's full version, where its major version is the User-Agent's;
// - the browser's name, where a browser that writes Chrome's User-Agent gives its own (Brave).
// A hint that contradicts the User-Agent's system is left alone: one of them is made up.
void refine(Device& device, const ClientHints& hints);

}  // namespace innkeeper::device
