#include "config/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/error.h"
#include "base/trim.h"
#include "config/nearest.h"
#include "session/client_address.h"

namespace innkeeper::app {
namespace {

constexpr std::size_t shown_text_limit = 60;
constexpr std::size_t secret_file_limit = 1u << 20;

std::string shown(const RawValue& raw) {
  struct Printer {
    std::string operator()(const std::string& text) const {
      return "\"" +
             (text.size() > shown_text_limit ? text.substr(0, shown_text_limit) + "…" : text) +
             "\"";
    }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>&) const { return "a list"; }
    std::string operator()(const Other& other) const { return other.what; }
  };
  return std::visit(Printer(), raw);
}

std::string limits_of(const Setting& setting) {
  const bool bounded = setting.most != std::numeric_limits<std::int64_t>::max();
  return "from " + std::to_string(setting.least) +
         (bounded ? " to " + std::to_string(setting.most) : " up");
}

std::string wanted(const Setting& setting) {
  switch (setting.kind) {
    case Kind::integer:
      return "a whole number " + limits_of(setting);
    case Kind::seconds:
      return "whole seconds " + limits_of(setting);
    case Kind::bytes:
      return "a number of bytes, or one such as 256M, " + limits_of(setting);
    case Kind::boolean:
      return "true or false";
    case Kind::choice:
      return "one of " + std::string(setting.choices);
    case Kind::texts:
      return "a list of texts";
    case Kind::networks:
      return "a list of IP addresses and CIDR blocks such as 10.0.0.0/8, or `unix`";
    case Kind::secret:
      return "a text (a secret; not shown)";
    case Kind::secrets:
      return "a list of texts (secrets; not shown)";
    case Kind::text:
    case Kind::path:
      break;
  }
  return "a text";
}

// The choice that a mistyped one most resembles.
std::string meant(const Setting& setting, const RawValue& raw) {
  const auto* text = std::get_if<std::string>(&raw);
  if (setting.kind != Kind::choice || text == nullptr) return {};
  const std::string close = nearest(*text, choices_of(setting));
  return close.empty() ? "" : ". Did you mean " + close + "?";
}

[[noreturn]] void refuse(const Setting& setting, const RawValue& raw, const Origin& origin) {
  std::string message =
      origin.where + ": " + std::string(setting.name) + " wants " + wanted(setting);
  if (!is_secret(setting)) message += ", not " + shown(raw);
  throw ConfigError(message + meant(setting, raw));
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// 268435456, 256M, 256MB, 256MiB: the units are powers of 1024.
std::optional<std::int64_t> bytes_in(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = number_in(text.substr(0, digits));
  std::string_view unit = trimmed(text.substr(digits), white_space);
  if (!number || unit.empty()) return number;
  constexpr std::string_view units = "KMGT";
  const std::size_t power =
      units.find(unit.front() >= 'a' ? static_cast<char>(unit.front() - 'a' + 'A') : unit.front());
  unit.remove_prefix(1);
  if (power == std::string_view::npos || (!unit.empty() && unit != "B" && unit != "iB"))
    return std::nullopt;
  const int shift = 10 * (static_cast<int>(power) + 1);
  if (*number > (std::numeric_limits<std::int64_t>::max() >> shift)) return std::nullopt;
  return *number << shift;
}

std::optional<bool> boolean_in(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "1"},
      no{"false", "no", "off", "0"};
  if (std::ranges::find(yes, lower) != yes.end()) return true;
  if (std::ranges::find(no, lower) != no.end()) return false;
  return std::nullopt;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const std::string_view item = trimmed(text.substr(0, comma), white_space); !item.empty())
      items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

// A file says 3600, the environment can only say "3600"; "3600" in a file is a mistake that is
// named.
bool is_text_source(const Origin& origin) { return origin.source != Source::file; }

Value convert_number(const Setting& setting, const RawValue& raw, const Origin& origin) {
  std::optional<std::int64_t> number;
  if (const auto* given = std::get_if<std::int64_t>(&raw)) number = *given;
  if (const auto* text = std::get_if<std::string>(&raw)) {
    if (setting.kind == Kind::bytes)
      number = bytes_in(trimmed(*text, white_space));
    else if (is_text_source(origin))
      number = number_in(trimmed(*text, white_space));
  }
  if (!number || *number < setting.least || *number > setting.most) refuse(setting, raw, origin);
  return *number;
}

Value convert_boolean(const Setting& setting, const RawValue& raw, const Origin& origin) {
  if (const auto* given = std::get_if<bool>(&raw)) return *given;
  const auto* text = std::get_if<std::string>(&raw);
  const auto flag = text != nullptr && is_text_source(origin)
                        ? boolean_in(trimmed(*text, white_space))
                        : std::nullopt;
  if (!flag) refuse(setting, raw, origin);
  return *flag;
}

Value convert_choice(const Setting& setting, const RawValue& raw, const Origin& origin) {
  const auto* text = std::get_if<std::string>(&raw);
  const auto* flag = std::get_if<bool>(&raw);  // Django writes SESSION_COOKIE_SAMESITE = False
  if (text == nullptr && flag == nullptr) refuse(setting, raw, origin);
  const std::string given = text != nullptr ? *text : *flag ? "true" : "false";
  if (std::ranges::count(choices_of(setting), given) == 0) refuse(setting, raw, origin);
  return given;
}

std::vector<std::string> list_of(const Setting& setting, const RawValue& raw,
                                 const Origin& origin) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&raw)) return *list;
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr || !is_text_source(origin)) refuse(setting, raw, origin);
  return split_list(*text);
}

Value convert_networks(const Setting& setting, const RawValue& raw, const Origin& origin) {
  std::vector<std::string> list = list_of(setting, raw, origin);
  for (const std::string& item : list) {
    if (!session::TrustedProxies().add(item)) refuse(setting, RawValue(item), origin);
  }
  return list;
}

Value convert_secrets(const Setting& setting, const RawValue& raw, const Origin& origin) {
  std::vector<Secret> secrets;
  for (std::string& item : list_of(setting, raw, origin)) secrets.emplace_back(std::move(item));
  return secrets;
}

const std::string& text_of(const Setting& setting, const RawValue& raw, const Origin& origin) {
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr || text->find('\0') != std::string::npos) refuse(setting, raw, origin);
  return *text;
}

// Words such as `auto` and `none` stand in path settings without being paths: they are left to
// options.cc.
Value convert_path(const Setting& setting, const RawValue& raw, const Origin& origin) {
  const std::string& text = text_of(setting, raw, origin);
  const bool word =
      text.empty() || text == "auto" || text == "none" || text.find("://") != std::string::npos;
  if (word || origin.file.empty()) return text;
  return (origin.file.parent_path() / text).lexically_normal().string();
}

std::string contents_of(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw FileError("there is no such file");
  if (!std::filesystem::is_regular_file(file, error) && !std::filesystem::is_fifo(file, error)) {
    throw FileError("it is not a file");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw FileError("it cannot be read by this user");
  std::string text(secret_file_limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > secret_file_limit) throw FileError("it has more than 1 MiB: no secret has");
  return text;
}

// A blank may belong to a secret; the line break that an editor adds does not.
std::string_view without_line_break(std::string_view text) {
  return text.substr(0, text.find_last_not_of("\r\n") + 1);
}

// postgres://ada:hush@db/site → postgres://…@db/site
std::string without_password(const std::string& text) {
  const std::size_t mark = text.find("://");
  const std::size_t at = text.rfind('@');
  if (mark == std::string::npos || at == std::string::npos || at < mark) return text;
  return text.substr(0, mark + 3) + "…" + text.substr(at);
}

std::vector<Secret> lines_of(const std::string& text) {
  std::vector<Secret> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (const std::string_view key = trimmed(line, white_space); !key.empty())
      lines.emplace_back(std::string(key));
  }
  return lines;
}

}  // namespace

Value convert(const Setting& setting, const RawValue& raw, const Origin& origin) {
  switch (setting.kind) {
    case Kind::integer:
    case Kind::seconds:
    case Kind::bytes:
      return convert_number(setting, raw, origin);
    case Kind::boolean:
      return convert_boolean(setting, raw, origin);
    case Kind::choice:
      return convert_choice(setting, raw, origin);
    case Kind::texts:
      return list_of(setting, raw, origin);
    case Kind::networks:
      return convert_networks(setting, raw, origin);
    case Kind::secret:
      return Secret(text_of(setting, raw, origin));
    case Kind::secrets:
      return convert_secrets(setting, raw, origin);
    case Kind::path:
      return convert_path(setting, raw, origin);
    case Kind::text:
      break;
  }
  return text_of(setting, raw, origin);
}

SecretOfFile read_secret_file(const Setting& setting, const RawValue& path, const Origin& origin) {
  const Setting file_setting{setting.name, Kind::path, "", ""};
  const std::string file = std::get<std::string>(convert_path(file_setting, path, origin));
  std::string text;
  try {
    text = contents_of(file);
  } catch (const FileError& error) {
    throw ConfigError(origin.where + ": " + std::string(setting.name) + "_FILE names " + file +
                      ", but " + error.what());
  }
  if (setting.kind == Kind::secrets) return {lines_of(text), file};
  if (trimmed(text, white_space).empty()) {
    throw ConfigError(origin.where + ": " + std::string(setting.name) + "_FILE names " + file +
                      ", but it is empty");
  }
  return {Secret(std::string(without_line_break(text))), file};
}

std::string display(const Value& value) {
  struct Printer {
    std::string operator()(const std::string& text) const { return without_password(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>& list) const {
      std::string joined;
      for (const std::string& item : list) joined += (joined.empty() ? "" : ",") + item;
      return joined;
    }
    std::string operator()(const Secret& secret) const {
      return secret.empty() ? "" : "(set, not shown)";
    }
    std::string operator()(const std::vector<Secret>& list) const {
      return list.empty() ? "" : "(" + std::to_string(list.size()) + " set, not shown)";
    }
  };
  return std::visit(Printer(), value);
}

}  // namespace innkeeper::app
