// A settings file of any bytes is read, or refused as a ConfigError; and so is each of its
// settings.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "config/setting.h"
#include "config/toml_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace innkeeper;
  try {
    for (const app::RawSetting& raw :
         app::read_toml({reinterpret_cast<const char*>(data), size}, "fuzz.toml")) {
      const app::Setting* setting = app::find_setting(raw.name);
      if (setting != nullptr) app::display(app::convert(*setting, raw.value, raw.origin));
    }
  } catch (const ConfigError&) {  // what a person would be told
  }
  return 0;
}
