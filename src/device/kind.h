// What sort of thing a device is, judged by what was read and by the text itself.
#pragma once

#include <string_view>

#include "device/client_hints.h"
#include "device/device.h"

namespace innkeeper::device {

// uap-core has no such field. Its hardware family "Spider" is a bot; the system's family tells
// computers from handhelds; between phone and tablet the text decides ("Mobile", "Tablet"), or the
// hint Sec-CH-UA-Mobile where it is given. Televisions, consoles, watches, headsets and programs
// that aren't browsers (curl) are "other".
Kind kind_of(const Device& device, std::string_view text, const ClientHints& hints);

}  // namespace innkeeper::device
