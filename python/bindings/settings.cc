#include "settings.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"

namespace innkeeper::python {

namespace {

// The value is not told: it may be a secret.
template <class T>
T member(const nb::dict& dict, const char* name) {
  T value{};
  if (!nb::try_cast(dict[name], value))
    throw ConfigError(std::string("the setting for ") + name + " has a value of another type");
  return value;
}

Seconds seconds(const nb::dict& dict, const char* name) {
  return Seconds(member<std::int64_t>(dict, name));
}

std::optional<Seconds> limit(const nb::dict& dict, const char* name) {
  const auto number = member<std::optional<std::int64_t>>(dict, name);
  return number ? std::optional(Seconds(*number)) : std::nullopt;
}

store::KeyType key_type(const std::string& word) {
  if (const auto known = store::key_type_of(word)) return *known;
  throw ConfigError("key_type is " + word + ": integer, uuid and text are known");
}

codec::PayloadKeys payload_keys(const nb::dict& dict) {
  codec::PayloadKeys keys;
  keys.secret_key = Secret(member<std::string>(dict, "secret_key"));
  for (const auto& key : member<std::vector<std::string>>(dict, "secret_key_fallbacks"))
    keys.fallbacks.emplace_back(key);
  keys.salt = member<std::string>(dict, "salt");
  return keys;
}

}  // namespace

store::UserColumns to_user_columns(const nb::dict& users) {
  store::UserColumns columns;
  columns.table = member<std::string>(users, "table");
  columns.id = member<std::string>(users, "id");
  columns.key_type = key_type(member<std::string>(users, "key_type"));
  // The engine's statements in Django touch no other column: users are Django's own matter.
  columns.username = columns.password = columns.email = {};
  columns.first_name = columns.last_name = {};
  columns.is_active = columns.is_staff = columns.is_superuser = {};
  columns.last_login = columns.date_joined = {};
  return columns;
}

engine::Settings to_settings(const nb::dict& dict) {
  engine::Settings settings;
  settings.keys = payload_keys(dict);
  settings.serializer =
      member<bool>(dict, "json") ? engine::Serializer::json : engine::Serializer::opaque;
  settings.expiry.cookie_age = seconds(dict, "cookie_age");
  settings.expiry.expire_at_browser_close = member<bool>(dict, "expire_at_browser_close");
  settings.expiry.idle_timeout = limit(dict, "idle_timeout");
  settings.expiry.absolute_timeout = limit(dict, "absolute_timeout");
  settings.activity_interval = seconds(dict, "activity_interval");
  settings.cache_age = seconds(dict, "cache_age");
  settings.cache_namespace = member<std::string>(dict, "cache_namespace");
  settings.feed_saves = member<bool>(dict, "feed_saves");
  settings.history_age = seconds(dict, "history_age");
  settings.users = to_user_columns(nb::cast<nb::dict>(dict["users"]));
  return settings;
}

}  // namespace innkeeper::python
