// Calls download() as its arguments say, for download_test.py.
//
// Usage: download_tool DIRECTORY [base-url|edition|direct-url|ca|limit|stall VALUE]…
// The licence key comes from MAXMIND_LICENSE_KEY. Prints the result and the last progress; an error
// goes to standard error. Exit code 0, 1 for an error that stays, 2 for one that may pass.
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/error.h"
#include "location/download.h"

namespace {

using innkeeper::location::DownloadRequest;
using innkeeper::location::DownloadResult;

void set(DownloadRequest& request, const std::string& name, const std::string& value) {
  if (name == "base-url") request.base_url = value;
  if (name == "edition") request.edition = value;
  if (name == "direct-url") request.direct_url = value;
  if (name == "ca") request.ca_file = value;
  if (name == "limit") request.size_limit = std::stoull(value);
  if (name == "stall") request.stall_timeout = std::chrono::seconds(std::stoi(value));
}

}  // namespace

int main(int count, char** arguments) {
  DownloadRequest request;
  request.directory = arguments[1];
  for (int i = 2; i + 1 < count; i += 2) set(request, arguments[i], arguments[i + 1]);
  const char* key = std::getenv("MAXMIND_LICENSE_KEY");
  request.license_key = innkeeper::Secret(key != nullptr ? key : "");
  std::uint64_t seen = 0;
  request.progress = [&](std::uint64_t done, std::uint64_t) { seen = done; };
  try {
    const bool replaced = innkeeper::location::download(request) == DownloadResult::replaced;
    std::cout << (replaced ? "replaced" : "not modified") << '\n' << seen << '\n';
    return 0;
  } catch (const innkeeper::Error& error) {
    std::cerr << error.what() << '\n';
    return error.retry() == innkeeper::Retry::later ? 2 : 1;
  }
}
