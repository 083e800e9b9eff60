#include <cstring>
#include <string_view>

#include "command_line.h"

namespace innkeeper::app {
namespace {

constexpr std::string_view hidden = "(hidden)";

// Where in argv[i] the key starts, if that argument carries one: "-kKEY", "--license-key=KEY".
char* attached_key(char* argument) {
  const std::string_view text = argument;
  for (const std::string_view option : {"--license-key=", "-k="}) {
    if (text.starts_with(option)) return argument + option.size();
  }
  return text.starts_with("-k") && text.size() > 2 ? argument + 2 : nullptr;
}

Secret take(char* key) {
  Secret secret{std::string(key)};
  std::memset(key, 'x', std::strlen(key));
  return secret;
}

}  // namespace

TakenArguments take_arguments(int argc, char** argv) {
  TakenArguments taken;
  bool downloads = false;  // `-k` of another command is none of ours
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    downloads = downloads || word == "download_geoip_db";
    if (downloads && (word == "-k" || word == "--license-key") && i + 1 < argc) {
      taken.words.emplace_back("--license-key");
      taken.license_key = take(argv[++i]);
      taken.words.emplace_back(hidden);
    } else if (char* key = downloads ? attached_key(argv[i]) : nullptr; key != nullptr) {
      taken.license_key = take(key);
      taken.words.emplace_back("--license-key");
      taken.words.emplace_back(hidden);
    } else {
      taken.words.emplace_back(word);
    }
  }
  return taken;
}

}  // namespace innkeeper::app
