#include "config/setting.h"

#include <algorithm>
#include <array>

#include "engine/setting_bounds.h"
#include "user/password_format.h"

namespace innkeeper::app {
namespace {

constexpr std::int64_t longest_age = engine::longest_age.count();

constexpr Setting storage_settings[] = {
    {"DATABASE", Kind::path, "innkeeper.sqlite3",
     "The database: a path, or sqlite:///absolute/path. This build has SQLite"},
    {"DATABASE_TIMEOUT",
     Kind::seconds,
     "5",
     "How long to wait for a database that another process holds, before saying so",
     {},
     0,
     600},
    {"CACHE", Kind::path, "auto",
     "The cache that every process of this machine shares: a folder, lmdb:///absolute/folder, "
     "`none`, or "
     "`auto` for DATABASE with `.cache` after it"},
    {"CACHE_SIZE",
     Kind::bytes,
     "256M",
     "The cache never grows beyond; what expires first goes first",
     {},
     1 << 20,
     std::int64_t{1} << 40},
};

constexpr Setting key_settings[] = {
    {"SECRET_KEY", Kind::secret, "",
     "Signs the sessions; the same as the Django site's that shares them"},
    {"SECRET_KEY_FALLBACKS", Kind::secrets, "",
     "Older keys whose signatures are still taken, newest first"},
    {"SESSION_SALT", Kind::text, "django.contrib.sessions.SessionStore",
     "The salt of the signature; django_user_sessions_ng.SessionStore reads that package's "
     "payloads"},
    {"SESSION_SERIALIZER", Kind::text, "django.contrib.sessions.serializers.JSONSerializer",
     "Any other serializer's payloads are signed and verified, but neither read nor merged; "
     "`innkeeper serve` needs this one"},
};

constexpr Setting session_settings[] = {
    {"SESSION_COOKIE_AGE",
     Kind::seconds,
     "1209600",
     "How long a session lasts after it was last saved",
     {},
     1,
     longest_age},
    {"SESSION_EXPIRE_AT_BROWSER_CLOSE", Kind::boolean, "false",
     "Whether the cookie goes when the browser is closed"},
    {"SESSION_SAVE_EVERY_REQUEST", Kind::boolean, "false",
     "Whether every request saves its session, and so renews it"},
    {"SESSION_IDLE_TIMEOUT",
     Kind::seconds,
     "0",
     "A session ends when it was not used for so long; 0 for no such limit",
     {},
     0,
     longest_age},
    {"SESSION_ABSOLUTE_TIMEOUT",
     Kind::seconds,
     "0",
     "A session ends so long after it began, however it is used; 0 for no such limit",
     {},
     0,
     longest_age},
    {"SESSION_ACTIVITY_INTERVAL",
     Kind::seconds,
     "60",
     "The last activity of a session is written at most so often (a quarter of "
     "SESSION_IDLE_TIMEOUT where that is less)",
     {},
     0,
     86400},
    {"SESSION_CACHE_AGE",
     Kind::seconds,
     "3600",
     "The longest that a copy stays in the cache",
     {},
     11,
     30 * 86400},
    {"SESSION_CACHE_NAMESPACE", Kind::text, "innkeeper",
     "Sites that share a cache have different ones; programs of one site the same"},
    {"SESSION_FEED_SAVES", Kind::boolean, "false",
     "Whether every save is told to all caches of this database, not to the saver's alone: for "
     "several machines, or programs, with a cache each"},
    {"SESSION_HISTORY_AGE",
     Kind::seconds,
     "2592000",
     "How long the history keeps ended sessions",
     {},
     3600,
     longest_age},
    {"SESSION_CLEAR_INTERVAL",
     Kind::seconds,
     "3600",
     "How often `innkeeper serve` removes expired sessions; 0 leaves it to `innkeeper "
     "clearsessions`",
     {},
     0,
     30 * 86400},
};

constexpr Setting cookie_settings[] = {
    {"SESSION_COOKIE_NAME", Kind::text, "sessionid", "The session cookie's name"},
    {"SESSION_COOKIE_DOMAIN", Kind::text, "", "Its domain; empty for this host alone"},
    {"SESSION_COOKIE_PATH", Kind::text, "/", "Its path"},
    {"SESSION_COOKIE_SECURE", Kind::boolean, "false",
     "Whether browsers send it over HTTPS only; turn it on wherever there is HTTPS"},
    {"SESSION_COOKIE_HTTPONLY", Kind::boolean, "true", "Whether scripts can't read it"},
    {"SESSION_COOKIE_SAMESITE", Kind::choice, "Lax",
     "Whether it comes along from other sites; `false` leaves it to the browser",
     "Lax|Strict|None|false"},
};

constexpr Setting user_settings[] = {
    {"AUTHENTICATION_BACKENDS", Kind::texts, "django.contrib.auth.backends.ModelBackend",
     "Sessions that were signed in by another backend count as signed out"},
    {"PASSWORD_ITERATIONS",
     Kind::integer,
     "1000000",
     "Rounds of PBKDF2 in a new password hash, at most 10,000,000; Django 5.2's number",
     {},
     1,
     static_cast<std::int64_t>(user::most_pbkdf2_iterations)},
    {"PASSWORD_REHASH", Kind::boolean, "false",
     "Whether a sign-in replaces a hash of another algorithm by one of PBKDF2; leave it off where "
     "Django prefers another"},
    {"USER_TABLE", Kind::text, "auth_user", "The table of the user model"},
    {"USER_KEY_TYPE", Kind::choice, "integer", "What its primary key is", "integer|uuid|text"},
    {"USER_COLUMN_ID", Kind::text, "id", "The column of the primary key"},
    {"USER_COLUMN_USERNAME", Kind::text, "username", "The column that people sign in with"},
    {"USER_COLUMN_PASSWORD", Kind::text, "password", "The column of the password hash"},
    {"USER_COLUMN_EMAIL", Kind::text, "email",
     "The column of the e-mail address; empty where there is none"},
    {"USER_COLUMN_FIRST_NAME", Kind::text, "first_name", "Empty where there is none"},
    {"USER_COLUMN_LAST_NAME", Kind::text, "last_name", "Empty where there is none"},
    {"USER_COLUMN_IS_ACTIVE", Kind::text, "is_active", "Empty where every user is active"},
    {"USER_COLUMN_IS_STAFF", Kind::text, "is_staff", "Empty where nobody is staff"},
    {"USER_COLUMN_IS_SUPERUSER", Kind::text, "is_superuser", "Empty where there is none"},
    {"USER_COLUMN_LAST_LOGIN", Kind::text, "last_login", "Empty where there is none"},
    {"USER_COLUMN_DATE_JOINED", Kind::text, "date_joined", "Empty where there is none"},
};

constexpr Setting client_settings[] = {
    {"TRUSTED_PROXIES", Kind::networks, "",
     "Whose FORWARDED_HEADER is believed, such as 127.0.0.1, 10.0.0.0/8, or unix for who comes by "
     "a Unix socket; nobody's by default"},
    {"FORWARDED_HEADER", Kind::choice, "X-Forwarded-For",
     "The header in which these proxies name the client; the other is never looked at. With "
     "Forwarded its proto= also says HTTPS, else X-Forwarded-Proto does",
     "X-Forwarded-For|Forwarded"},
    {"GEOIP_PATH", Kind::path, "",
     "An .mmdb file, or a folder of them, that says where an address is"},
    {"GEOIP_LANGUAGE", Kind::text, "en", "The language of places' names, where the file has it"},
    {"DEVICE_RULES", Kind::path, "",
     "A newer regexes.yaml of uap-core; empty for the rules compiled in"},
    {"MAXMIND_LICENSE_KEY", Kind::secret, "", "For `innkeeper download_geoip_db`"},
};

constexpr Setting server_settings[] = {
    {"LISTEN", Kind::text, "127.0.0.1:8000",
     "Where `innkeeper serve` listens: ADDRESS:PORT, [IPv6]:PORT or a port alone; port 0 lets the "
     "system choose"},
    {"WORKERS", Kind::integer, "4", "Threads that run requests", {}, 1, 1024},
    {"IO_THREADS", Kind::integer, "1", "Threads that read and write connections", {}, 1, 256},
    {"QUEUE_LIMIT",
     Kind::integer,
     "256",
     "Requests that may wait for a worker; one more is answered 503",
     {},
     1,
     1'000'000},
    {"CONNECTION_LIMIT",
     Kind::integer,
     "0",
     "Connections that are open at a time; one more closes the longest idle one. 0 for 8192, or "
     "fewer where the limit on open files asks for it",
     {},
     0,
     1'000'000},
    {"ALLOWED_HOSTS", Kind::texts, "",
     "Names that the site is asked by, such as example.org, .example.org for all below it, or *; "
     "empty for any"},
    {"HTTPS", Kind::boolean, "false",
     "Whether the site is reached by HTTPS, whatever the connection from the proxy says"},
    {"STAFF_PAGES", Kind::choice, "superusers",
     "Who sees and ends everybody's sessions, data included: staff who are superusers, or staff, "
     "whatever little Django's permissions let them do",
     "superusers|staff"},
    {"CSRF_COOKIE_NAME", Kind::text, "csrftoken", "The cookie that guards forms"},
    {"SITE_TITLE", Kind::text, "Innkeeper", "What pages call the site"},
};

constexpr Setting log_settings[] = {
    {"LOG_LEVEL", Kind::choice, "info", "The least important lines that are written",
     "debug|info|warning|error"},
    {"LOG_FORMAT", Kind::choice, "text", "Lines for people, or one JSON object a line",
     "text|json"},
};

constexpr SettingGroup groups[] = {
    {"Database and cache", storage_settings},
    {"Keys", key_settings},
    {"Sessions", session_settings},
    {"The session cookie", cookie_settings},
    {"Users", user_settings},
    {"Where people are, and with what", client_settings},
    {"The server", server_settings},
    {"The log", log_settings},
};

constexpr std::string_view file_suffix = "_FILE";

}  // namespace

std::span<const SettingGroup> setting_groups() { return groups; }

const Setting* find_setting(std::string_view name) {
  for (const SettingGroup& group : groups) {
    const auto found = std::ranges::find(group.settings, name, &Setting::name);
    if (found != group.settings.end()) return &*found;
  }
  return nullptr;
}

bool is_setting_name(std::string_view name) {
  if (find_setting(name) != nullptr) return true;
  if (!name.ends_with(file_suffix)) return false;
  const Setting* secret = find_setting(name.substr(0, name.size() - file_suffix.size()));
  return secret != nullptr && is_secret(*secret);
}

std::vector<std::string> choices_of(const Setting& setting) {
  std::vector<std::string> choices;
  for (std::string_view rest = setting.choices; !rest.empty();) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    choices.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return choices;
}

std::string environment_name(std::string_view setting) {
  return "INNKEEPER_" + std::string(setting);
}

std::string flag_name(std::string_view setting) {
  std::string flag = "--";
  for (const char letter : setting) {
    const bool capital = letter >= 'A' && letter <= 'Z';
    flag += letter == '_' ? '-' : capital ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return flag;
}

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::path:
      return "path";
    case Kind::integer:
      return "number";
    case Kind::seconds:
      return "seconds";
    case Kind::bytes:
      return "bytes";
    case Kind::boolean:
      return "true or false";
    case Kind::choice:
      return "one of";
    case Kind::texts:
      return "list of texts";
    case Kind::networks:
      return "list of networks";
    case Kind::secret:
      return "secret";
    case Kind::secrets:
      return "list of secrets";
  }
  return "";
}

}  // namespace innkeeper::app
