#include "location/transfer.h"

#include <exception>
#include <memory>

#include <curl/curl.h>

#include "base/error.h"

namespace innkeeper::location {

namespace {

struct Free {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
  void operator()(char* text) const { ::curl_free(text); }
};
using Handle = std::unique_ptr<CURL, Free>;

// What the callbacks share. Exceptions do not cross libcurl: they wait here.
struct Session {
  const TransferRequest& request;
  CURL* handle;
  std::uint64_t received = 0;
  bool too_large = false;
  std::exception_ptr thrown;
};

// One place that initialises libcurl, once, before any thread can use it.
void start_library() {
  static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error("libcurl cannot be started");
}

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* data) {
  auto& session = *static_cast<Session*>(data);
  long status = 0;
  ::curl_easy_getinfo(session.handle, CURLINFO_RESPONSE_CODE, &status);
  session.received += count;
  session.too_large = session.received > session.request.size_limit;
  if (session.too_large) return 0;
  if (status != 200) return count;  // an error's page: nobody reads it, it may repeat the URL
  try {
    session.request.write(bytes, count);
    return count;
  } catch (...) {
    session.thrown = std::current_exception();
    return 0;
  }
}

int on_progress(void* data, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
  auto& session = *static_cast<Session*>(data);
  try {
    session.request.progress(static_cast<std::uint64_t>(now), static_cast<std::uint64_t>(total));
    return 0;
  } catch (...) {
    session.thrown = std::current_exception();
    return 1;
  }
}

template <class Setting>
void set(CURL* handle, CURLoption option, Setting value) {
  if (::curl_easy_setopt(handle, option, value) != CURLE_OK) {
    throw Error("libcurl refuses a setting (option " + std::to_string(option) +
                "); a newer one is needed");
  }
}

void set_limits(CURL* handle, const TransferRequest& request) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.connect_timeout.count()));
  // A trickle that would take years is a stall as well.
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 100L);
  set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_timeout.count()));
  set(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.size_limit));
  set(handle, CURLOPT_FOLLOWLOCATION, 1L);
  set(handle, CURLOPT_MAXREDIRS, 5L);
  const bool plain = request.allow_http && request.url.reveal().starts_with("http://");
  set(handle, CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https");
  set(handle, CURLOPT_REDIR_PROTOCOLS_STR, plain ? "http,https" : "https");
}

void set_content(CURL* handle, const TransferRequest& request, Session& session) {
  set(handle, CURLOPT_URL, std::string(request.url.reveal()).c_str());
  set(handle, CURLOPT_USERAGENT, "innkeeper");
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request.ca_file.empty()) set(handle, CURLOPT_CAINFO, request.ca_file.c_str());
  set(handle, CURLOPT_FILETIME, 1L);
  if (request.modified_since) {
    set(handle, CURLOPT_TIMECONDITION, static_cast<long>(CURL_TIMECOND_IFMODSINCE));
    set(handle, CURLOPT_TIMEVALUE_LARGE, static_cast<curl_off_t>(*request.modified_since));
  }
  set(handle, CURLOPT_WRITEFUNCTION, &on_body);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&session));
  if (!request.progress) return;
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&session));
}

[[noreturn]] void fail(CURLcode code, const TransferRequest& request, const Session& session) {
  if (session.thrown) std::rethrow_exception(session.thrown);
  const std::string host = host_of(request.url);
  if (session.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    throw Error(host + ": sends more than the limit of " + std::to_string(request.size_limit) +
                " bytes");
  }
  const std::string cause = ::curl_easy_strerror(code);
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
      throw Error(host + ": only https:// is taken here, and a redirect must not leave it");
    case CURLE_URL_MALFORMAT:
      throw Error("the download's URL cannot be read");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      throw Error(host + ": its certificate cannot be verified (" + cause + ")");
    default:
      throw Error(host + ": the download failed (" + cause + "); try again later", Retry::later);
  }
}

TransferResult result_of(CURL* handle) {
  TransferResult result;
  long unmet = 0;
  curl_off_t time = -1;
  ::curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &result.status);
  ::curl_easy_getinfo(handle, CURLINFO_CONDITION_UNMET, &unmet);
  ::curl_easy_getinfo(handle, CURLINFO_FILETIME_T, &time);
  result.not_modified = result.status == 304 || unmet != 0;
  if (time > 0) result.last_modified = time;
  return result;
}

}  // namespace

TransferResult transfer(const TransferRequest& request) {
  start_library();
  const Handle handle(::curl_easy_init());
  if (!handle) throw Error("libcurl cannot be started");
  Session session{request, handle.get(), 0, false, nullptr};
  set_limits(handle.get(), request);
  set_content(handle.get(), request, session);
  const CURLcode code = ::curl_easy_perform(handle.get());
  if (code != CURLE_OK) fail(code, request, session);
  return result_of(handle.get());
}

std::string host_of(const Secret& url) {
  const std::unique_ptr<CURLU, Free> parsed(::curl_url());
  char* host = nullptr;
  if (!parsed ||
      ::curl_url_set(parsed.get(), CURLUPART_URL, std::string(url.reveal()).c_str(), 0) !=
          CURLUE_OK ||
      ::curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return "the server";
  }
  return std::unique_ptr<char, Free>(host).get();
}

std::string escape(std::string_view text) {
  start_library();
  const std::unique_ptr<char, Free> escaped(
      ::curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())));
  if (!escaped) throw Error("a part of the download's URL cannot be written");
  return escaped.get();
}

}  // namespace innkeeper::location
