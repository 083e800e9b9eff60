#include "config/reference.h"

#include <algorithm>

#include "output/json_writer.h"

namespace innkeeper::app {
namespace {

constexpr std::string_view introduction =
    R"(# Settings

This page is what `innkeeper settings --markdown` prints; a test holds it to that.

A setting stands in a TOML file, in the environment or on the command line, the later overriding the earlier:

| where | how |
|---|---|
| file: `--config FILE`, else `INNKEEPER_CONFIG`, else `innkeeper.toml` here, else `/etc/innkeeper/innkeeper.toml` | `SESSION_COOKIE_AGE = 3600` |
| environment | `INNKEEPER_SESSION_COOKIE_AGE=3600` |
| flag | `--session-cookie-age 3600`; what is true or false: `--https`, `--https=false` |

Names that Django has mean what they mean there. An unknown or ill-typed setting stops the program, which names the
file and line and the nearest name. A relative path in a file starts at that file's folder, elsewhere at the working
directory. Lists are TOML arrays in a file, and separated by commas elsewhere.

A **secret** is never printed and has no flag, since every user of a machine can read flags. Give it in the file or the
environment or, better, put it in a file of its own (mode 0600) and name that by `NAME_FILE`, such as
`SECRET_KEY_FILE = "secret_key"`; a list of secrets has one a line there. `MAXMIND_LICENSE_KEY` is also read from the
variable of just that name, as Django users know it.

What Kubernetes and Docker add beside a service or a linked container named `innkeeper` is passed over:
`INNKEEPER_SERVICE_HOST`, `INNKEEPER_SERVICE_PORT…`, `INNKEEPER_PORT=tcp://…`, `INNKEEPER_PORT_8080_TCP…`,
`INNKEEPER_NAME=/…/…`, `INNKEEPER_ENV_…`; the same of a service whose name begins so (`INNKEEPER_WEB_PORT=tcp://…`).

)";

std::string type_of(const Setting& setting) {
  if (setting.kind != Kind::choice) return std::string(describe(setting.kind));
  std::string words;
  for (const std::string& choice : choices_of(setting))
    words += (words.empty() ? "`" : ", `") + choice + "`";
  return words;
}

std::string row_of(const Setting& setting) {
  const std::string fallback =
      setting.fallback.empty() ? "" : "`" + std::string(setting.fallback) + "`";
  return "| `" + std::string(setting.name) + "` | " + type_of(setting) + " | " + fallback + " | " +
         std::string(setting.help) + " |\n";
}

bool is_set(const Value& value) {
  if (const auto* secret = std::get_if<Secret>(&value)) return !secret->empty();
  const auto* secrets = std::get_if<std::vector<Secret>>(&value);
  return secrets != nullptr && !secrets->empty();
}

std::string json_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return json(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return json(*flag);
  if (const auto* text = std::get_if<std::string>(&value)) return json(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return json(*list);
  return json(is_set(value));
}

}  // namespace

std::string settings_markdown() {
  std::string page(introduction);
  for (const SettingGroup& group : setting_groups()) {
    page += "## " + std::string(group.title) +
            "\n\n| setting | type | default | what it does |\n|---|---|---|---|\n";
    for (const Setting& setting : group.settings) page += row_of(setting);
    page += "\n";
  }
  page.pop_back();
  return page;
}

std::string settings_text(const Config& config) {
  std::string text;
  for (const SettingGroup& group : setting_groups()) {
    text += (text.empty() ? "# " : "\n# ") + std::string(group.title) + "\n";
    for (const Setting& setting : group.settings) {
      std::string line = std::string(setting.name) + " = " + display(config.value(setting.name));
      line.resize(std::max<std::size_t>(line.size(), 70), ' ');
      text += line + "  # " + config.origin(setting.name).where + "\n";
    }
  }
  return text;
}

std::string settings_json(const Config& config) {
  JsonObject all;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      JsonObject one;
      one.raw("value", json_of(config.value(setting.name)))
          .add("from", config.origin(setting.name).where);
      all.raw(setting.name, one.text());
    }
  }
  return all.text();
}

}  // namespace innkeeper::app
