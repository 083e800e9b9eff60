// From settings to what each room of the machine takes. Every function throws ConfigError naming
// the setting and where it stands, where a value is well-formed and yet impossible.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "cache/lmdb/lmdb_cache.h"
#include "config/config.h"
#include "engine/settings.h"
#include "http/server.h"
#include "session/client_address.h"
#include "store/sqlite/sqlite_database.h"
#include "store/user_table.h"

namespace innkeeper::app {

// Throws ConfigError: where the setting stands, its name, and `why` ("is empty: give …").
[[noreturn]] void impossible(const Config& config, std::string_view setting, std::string_view why);

// Throws where there is no SECRET_KEY, and says how to make one.
engine::Settings engine_settings(const Config& config);

// The payload's keys alone, for `payload decode|encode`.
codec::PayloadKeys payload_keys(const Config& config);

store::UserColumns user_columns(const Config& config);

// DATABASE as SQLite takes it. Another scheme (postgres://…) is refused by the name of what this
// build has.
store::sqlite::Options database_options(const Config& config);

// CACHE as LMDB takes it, or nothing for `none`.
std::optional<cache::lmdb::Options> cache_options(const Config& config);

http::ServerOptions server_options(const Config& config);

session::TrustedProxies trusted_proxies(const Config& config);

LogLevel log_level(const Config& config);

// Whether SECRET_KEY is too short to be safe, by the measure of Django's own check (50 characters,
// 5 distinct).
bool is_weak(const Secret& secret_key);

// Whether every account of this machine may read the file, by its mode and those of the folders
// that lead to it.
bool is_open_to_all(const std::filesystem::path& file);

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};
// "127.0.0.1:8000", "[::1]:8000", "8000", ":8000"; nothing for anything else, a name of a host
// among it.
std::optional<Endpoint> parse_endpoint(const std::string& text);

}  // namespace innkeeper::app
