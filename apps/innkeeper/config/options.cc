#include "config/options.h"

#include <charconv>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/ip_address.h"

namespace innkeeper::app {
namespace {

constexpr std::string_view json_serializer = "django.contrib.sessions.serializers.JSONSerializer";

Seconds seconds(const Config& config, std::string_view name) {
  return Seconds(config.number(name));
}

std::optional<Seconds> limit(const Config& config, std::string_view name) {
  const Seconds given = seconds(config, name);
  return given.count() == 0 ? std::nullopt : std::optional(given);
}

// The path of "SCHEME:///absolute/path", or the text itself where it is no URL; nothing for another
// scheme.
std::optional<std::string> local_path(const std::string& text, std::string_view scheme) {
  const std::size_t mark = text.find("://");
  if (mark == std::string::npos) return text;
  if (std::string_view(text).substr(0, mark) != scheme) return std::nullopt;
  const std::string path = text.substr(mark + 3);
  return path.starts_with('/') ? std::optional(path) : std::nullopt;
}

// What stands before "://", which is never secret; the rest of such an address may hold a password.
std::string scheme_of(const std::string& text) { return text.substr(0, text.find("://")) + "://…"; }

session::ExpiryPolicy expiry_policy(const Config& config) {
  session::ExpiryPolicy policy;
  policy.cookie_age = seconds(config, "SESSION_COOKIE_AGE");
  policy.expire_at_browser_close = config.flag("SESSION_EXPIRE_AT_BROWSER_CLOSE");
  policy.idle_timeout = limit(config, "SESSION_IDLE_TIMEOUT");
  policy.absolute_timeout = limit(config, "SESSION_ABSOLUTE_TIMEOUT");
  if (policy.idle_timeout && *policy.idle_timeout <= seconds(config, "SESSION_ACTIVITY_INTERVAL")) {
    impossible(config, "SESSION_IDLE_TIMEOUT",
               "must be longer than SESSION_ACTIVITY_INTERVAL: sessions in use would end between "
               "two notes of it");
  }
  return policy;
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

void impossible(const Config& config, std::string_view setting, std::string_view why) {
  throw ConfigError(config.origin(setting).where + ": " + std::string(setting) + ' ' +
                    std::string(why));
}

codec::PayloadKeys payload_keys(const Config& config) {
  if (config.secret("SECRET_KEY").empty()) {
    throw ConfigError(
        "SECRET_KEY is not set. Take the Django site's, or make one (`openssl rand -base64 48 > "
        "secret_key`, mode "
        "0600) and set SECRET_KEY_FILE = \"secret_key\" in the settings file, or "
        "INNKEEPER_SECRET_KEY_FILE");
  }
  return {config.secret("SECRET_KEY"), config.secrets("SECRET_KEY_FALLBACKS"),
          config.text("SESSION_SALT")};
}

store::UserColumns user_columns(const Config& config) {
  store::UserColumns users;
  users.table = config.text("USER_TABLE");
  users.key_type = store::key_type_of(config.text("USER_KEY_TYPE")).value();
  users.id = config.text("USER_COLUMN_ID");
  users.username = config.text("USER_COLUMN_USERNAME");
  users.password = config.text("USER_COLUMN_PASSWORD");
  users.email = config.text("USER_COLUMN_EMAIL");
  users.first_name = config.text("USER_COLUMN_FIRST_NAME");
  users.last_name = config.text("USER_COLUMN_LAST_NAME");
  users.is_active = config.text("USER_COLUMN_IS_ACTIVE");
  users.is_staff = config.text("USER_COLUMN_IS_STAFF");
  users.is_superuser = config.text("USER_COLUMN_IS_SUPERUSER");
  users.last_login = config.text("USER_COLUMN_LAST_LOGIN");
  users.date_joined = config.text("USER_COLUMN_DATE_JOINED");
  store::check_names(users);
  return users;
}

engine::Settings engine_settings(const Config& config) {
  engine::Settings settings;
  settings.keys = payload_keys(config);
  const bool reads_json = config.text("SESSION_SERIALIZER") == json_serializer;
  settings.serializer = reads_json ? engine::Serializer::json : engine::Serializer::opaque;
  settings.expiry = expiry_policy(config);
  settings.backends = config.list("AUTHENTICATION_BACKENDS");
  settings.users = user_columns(config);
  settings.passwords.pbkdf2_iterations = static_cast<int>(config.number("PASSWORD_ITERATIONS"));
  settings.passwords.rehash_other_algorithms = config.flag("PASSWORD_REHASH");
  settings.activity_interval = seconds(config, "SESSION_ACTIVITY_INTERVAL");
  settings.cache_age = seconds(config, "SESSION_CACHE_AGE");
  settings.cache_namespace = config.text("SESSION_CACHE_NAMESPACE");
  settings.feed_saves = config.flag("SESSION_FEED_SAVES");
  settings.history_age = seconds(config, "SESSION_HISTORY_AGE");
  return settings;
}

store::sqlite::Options database_options(const Config& config) {
  const std::string& text = config.text("DATABASE");
  const auto path = local_path(text, "sqlite");
  if (!path) {
    impossible(config, "DATABASE",
               "is " + scheme_of(text) +
                   ", but this build has sqlite: give a path, or sqlite:///absolute/path");
  }
  if (path->empty())
    impossible(config, "DATABASE", "is empty: give the path of an SQLite database");
  store::sqlite::Options options;
  options.file = *path;
  options.busy_timeout = seconds(config, "DATABASE_TIMEOUT");
  return options;
}

std::optional<cache::lmdb::Options> cache_options(const Config& config) {
  const std::string& text = config.text("CACHE");
  if (text == "none" || text.empty()) return std::nullopt;
  const auto path = local_path(text, "lmdb");
  if (!path) {
    impossible(config, "CACHE",
               "is " + scheme_of(text) +
                   ", but this build has lmdb: give a folder, lmdb:///absolute/folder, or none");
  }
  cache::lmdb::Options options;
  options.directory = text == "auto" ? database_options(config).file.string() + ".cache" : *path;
  options.size_bytes = static_cast<std::size_t>(config.number("CACHE_SIZE"));
  return options;
}

http::ServerOptions server_options(const Config& config) {
  const auto endpoint = parse_endpoint(config.text("LISTEN"));
  if (!endpoint) {
    impossible(config, "LISTEN",
               "wants ADDRESS:PORT, [IPv6]:PORT or a port, not \"" + config.text("LISTEN") + "\"");
  }
  http::ServerOptions options;
  options.address = endpoint->address;
  options.port = endpoint->port;
  options.io_threads = static_cast<int>(config.number("IO_THREADS"));
  options.workers = static_cast<int>(config.number("WORKERS"));
  options.queue_limit = static_cast<int>(config.number("QUEUE_LIMIT"));
  options.connection_limit = static_cast<int>(config.number("CONNECTION_LIMIT"));
  if (options.connection_limit > 0 && options.connection_limit < options.io_threads) {
    impossible(config, "CONNECTION_LIMIT",
               "is " + std::to_string(options.connection_limit) + ", but IO_THREADS is " +
                   std::to_string(options.io_threads) +
                   ": each of these threads has one connection at least");
  }
  return options;
}

session::TrustedProxies trusted_proxies(const Config& config) {
  session::TrustedProxies proxies;
  for (const std::string& text : config.list("TRUSTED_PROXIES")) std::ignore = proxies.add(text);
  std::ignore = proxies.set_header(config.text("FORWARDED_HEADER"));
  return proxies;
}

LogLevel log_level(const Config& config) {
  const std::string& word = config.text("LOG_LEVEL");
  if (word == "debug") return LogLevel::debug;
  if (word == "warning") return LogLevel::warning;
  return word == "error" ? LogLevel::error : LogLevel::info;
}

bool is_weak(const Secret& secret_key) {
  const std::string_view text = secret_key.reveal();
  return text.size() < 50 || std::set<char>(text.begin(), text.end()).size() < 5;
}

bool is_open_to_all(const std::filesystem::path& file) {
  using std::filesystem::perms;
  const auto allows = [](const std::filesystem::path& path, perms wanted) {
    std::error_code error;
    return (std::filesystem::status(path, error).permissions() & wanted) == wanted && !error;
  };
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(file, error);
  if (error || !allows(whole, perms::others_read)) return false;
  for (auto folder = whole.parent_path();; folder = folder.parent_path()) {
    if (!allows(folder, perms::others_exec)) return false;
    if (folder == folder.root_path()) return true;
  }
}

std::optional<Endpoint> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string address = colon == std::string::npos ? "" : text.substr(0, colon);
  const auto port = port_in(colon == std::string::npos ? text : text.substr(colon + 1));
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (address.empty()) address = "127.0.0.1";
  const auto parsed = IpAddress::parse(address);
  if (!port || !parsed || (parsed->is_v4() ? bracketed : !bracketed)) return std::nullopt;
  return Endpoint{address, *port};
}

}  // namespace innkeeper::app
