// One HTTP GET into a file or a short text, over libcurl.
//
// Nothing that is thrown here names the URL, only its host: a URL may carry a licence key, a
// password or a signed token, and so may the URL that a server redirects to. libcurl's own detailed
// texts are not passed on either.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/secret.h"

namespace innkeeper::location {

struct TransferRequest {
  Secret url;
  bool allow_http =
      false;  // http:// as the URL's scheme; a redirect never leads from https:// to it
  std::filesystem::path ca_file;
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{30};
  std::uint64_t size_limit = 0;
  std::optional<std::int64_t> modified_since;  // seconds since 1970: sent as If-Modified-Since
  std::function<void(const char*, std::size_t)> write;  // takes the body of a 200; may throw
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct TransferResult {
  long status = 0;  // of HTTP, after redirects
  bool not_modified = false;
  std::optional<std::int64_t> last_modified;  // seconds since 1970
};

// Throws Error where no answer came or it was cut short; any complete answer is returned, whatever
// its status.
TransferResult transfer(const TransferRequest& request);

// The host that a URL names, for messages; "the server" where none can be told.
std::string host_of(const Secret& url);

// `text` as a part of a query.
std::string escape(std::string_view text);

}  // namespace innkeeper::location
