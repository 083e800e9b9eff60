// The one file that sees CLI11.
#include "command_line.h"

#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "config/nearest.h"
#include "config/options.h"
#include "output/stderr_log.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

constexpr const char* program_details =
    R"(Settings come from a TOML file (--config, else INNKEEPER_CONFIG, else innkeeper.toml here, else
/etc/innkeeper/innkeeper.toml), the environment (INNKEEPER_…) and flags, the later overriding the earlier. Every
setting that `innkeeper settings` lists is a flag of every command: SESSION_COOKIE_AGE is --session-cookie-age 3600.
Secrets have none, since everybody can read flags: use the file, the environment, or NAME_FILE.

Examples:
  innkeeper demo                              a site with people in it, to look around
  innkeeper migrate                           make the tables, or bring them up to date
  innkeeper createsuperuser                   somebody who may see everybody's sessions
  innkeeper serve --listen 127.0.0.1:8000     the pages
  innkeeper sessions revoke --user ada        sign a user out everywhere

Exit codes: 0 done · 1 nothing found, or a check failed · 2 wrong command line or setting · 3 database ·
4 network · 5 file · 70 a fault of this program)";

// Settings that --help shows; the others are taken too.
constexpr std::string_view shown_settings[] = {
    "DATABASE", "CACHE", "SECRET_KEY", "GEOIP_PATH", "DEVICE_RULES", "LOG_LEVEL", "LOG_FORMAT"};

class CliArguments final : public Arguments {
 public:
  explicit CliArguments(CLI::App& app) : m_app(app) {}
  void flag(const std::string& names, bool& target, const std::string& help) override {
    m_app.add_flag(names, target, help);
  }
  void text(const std::string& names, std::string& target, const std::string& help,
            bool required) override {
    m_app.add_option(names, target, help)->required(required);
  }
  void optional_text(const std::string& names, std::optional<std::string>& target,
                     const std::string& help) override {
    m_app.add_option(names, target, help);
  }
  void texts(const std::string& names, std::vector<std::string>& target,
             const std::string& help) override {
    // Positional: all that follow. Otherwise one for each time it is said.
    CLI::Option* option = m_app.add_option(names, target, help);
    if (names.front() == '-')
      option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  void number(const std::string& names, std::int64_t& target, std::int64_t least,
              const std::string& help) override {
    m_app.add_option(names, target, help)
        ->check(CLI::Range(least, std::numeric_limits<std::int64_t>::max()).description(""))
        ->capture_default_str();
  }

 private:
  CLI::App& m_app;
};

// What stands for the value in --help.
std::string word_for(const Setting& setting) {
  if (is_secret(setting)) return "FILE";
  if (setting.kind == Kind::choice) return std::string(setting.choices);
  return setting.kind == Kind::path ? "PATH" : "VALUE";
}

// Every setting as a flag of the whole program, and NAME_FILE of the secrets.
class SettingFlags {
 public:
  void declare(CLI::App& app) {
    for (const SettingGroup& group : setting_groups()) {
      for (const Setting& setting : group.settings) declare(app, setting);
    }
  }
  // What was given, in the words of Sources.
  std::vector<std::pair<std::string, std::string>> given() const {
    std::vector<std::pair<std::string, std::string>> flags;
    for (const auto& [name, option] : m_options) {
      if (option->count() == 0) continue;
      std::string joined;
      for (const std::string& text : option->results())
        joined += (joined.empty() ? "" : ",") + text;
      flags.emplace_back(name, joined);
    }
    return flags;
  }

 private:
  void declare(CLI::App& app, const Setting& setting) {
    const std::string name = std::string(setting.name) + (is_secret(setting) ? "_FILE" : "");
    std::string help(setting.help);
    if (is_secret(setting)) help = "A file with it. " + help;
    CLI::Option* option = setting.kind == Kind::boolean
                              ? app.add_flag(flag_name(name) + "{true}", std::as_const(help))
                              : app.add_option(flag_name(name), m_ignored[name], help);
    // One word each, so that what follows is the command and not another value.
    if (setting.kind != Kind::boolean) option->expected(1)->type_name(word_for(setting));
    const bool many = setting.kind == Kind::texts || setting.kind == Kind::networks;
    option->multi_option_policy(many ? CLI::MultiOptionPolicy::TakeAll
                                     : CLI::MultiOptionPolicy::TakeLast);
    const bool shown = std::ranges::find(shown_settings, setting.name) != std::end(shown_settings);
    option->group(shown ? "Settings used most" : "");
    m_options.emplace(name, option);
  }

  std::map<std::string, CLI::Option*> m_options;
  // CLI11 wants a variable; the results are read instead.
  std::map<std::string, std::vector<std::string>> m_ignored;
};

struct Parsed {
  const Command* command = nullptr;
  std::optional<std::string> config_file;
  std::vector<std::pair<std::string, std::string>> flags;
  std::optional<ExitCode> finished;  // --help and usage errors: said, nothing more to do
};

struct Declared {
  CLI::App* app;
  const Command* command;
};

void declare(CLI::App& parent, const Command& command, std::vector<Declared>& declared) {
  CLI::App* app = parent.add_subcommand(command.name, command.summary);
  app->fallthrough();  // settings may stand after the subcommand
  if (!command.details.empty()) app->footer(command.details);
  if (command.declare) {
    CliArguments arguments(*app);
    command.declare(arguments);
  }
  for (const Command& child : command.children) declare(*app, child, declared);
  if (command.children.empty())
    declared.push_back({app, &command});
  else
    app->require_subcommand(1);
}

void collect_flags(const CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* child : app.get_subcommands()) collect_flags(*child, names);
}

// "--secret-key=hush" → "--secret-key": what follows may be a secret and is not said again.
std::string name_in(const std::string& word) { return word.substr(0, word.find('=')); }

std::string unknown_word(const CLI::App& app, const std::string& word) {
  if (!word.starts_with("-")) return "unexpected argument after the command";
  const std::string name = name_in(word);
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (!is_secret(setting) || flag_name(setting.name) != name) continue;
      return std::string(setting.name) +
             " is a secret and is not taken from the command line, where everybody can " +
             "read it: use " + flag_name(std::string(setting.name) + "_FILE") + " or " +
             environment_name(setting.name);
    }
  }
  std::vector<std::string> names;
  collect_flags(app, names);
  const std::string close = nearest(name, names);
  return "unknown option " + name + (close.empty() ? "" : ". Did you mean " + close + "?");
}

std::string unknown_command(const std::vector<std::string>& words,
                            const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  const std::string word = words.empty() || words.front().starts_with("-") ? "" : words.front();
  if (word.empty()) return "which command? `innkeeper --help` lists them";
  const std::string close = nearest(word, names);
  return "unknown command " + word + (close.empty() ? "" : ". Did you mean " + close + "?");
}

ExitCode usage_error(const std::string& message) {
  std::cerr << "innkeeper: " << message << "\n";
  return ExitCode::usage;
}

// Two-word commands such as `sessions list` are leaves: the innermost that was named.
const Command* chosen(const std::vector<Declared>& declared) {
  for (const Declared& leaf : declared) {
    if (leaf.app->parsed()) return leaf.command;
  }
  return nullptr;
}

Parsed parse(const std::vector<std::string>& words, const std::vector<Command>& commands) {
  CLI::App app(
      "Innkeeper keeps the session book of a web application: who is signed in, since when, from "
      "where, "
      "and the power to end it.",
      "innkeeper");
  app.get_formatter()->column_width(34);
  app.footer(program_details);
  app.set_help_all_flag("--help-all", "The help of every command");
  Parsed parsed;
  app.add_option("--config", parsed.config_file, "The settings file, TOML");
  app.set_version_flag("--version", "innkeeper " INNKEEPER_VERSION);
  SettingFlags flags;
  flags.declare(app);
  std::vector<Declared> declared;
  for (const Command& command : commands) declare(app, command, declared);
  app.require_subcommand(0, 1);
  app.allow_extras();
  for (const Declared& leaf : declared) leaf.app->allow_extras();
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success& success) {
    app.exit(success);
    parsed.finished = ExitCode::ok;
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.finished = usage_error(error.what());
    return parsed;
  }
  parsed.command = chosen(declared);
  const std::vector<std::string> extras = app.remaining(true);
  if (parsed.command == nullptr)
    parsed.finished = usage_error(unknown_command(extras, commands));
  else if (!extras.empty())
    parsed.finished = usage_error(unknown_word(app, extras.front()));
  parsed.flags = flags.given();
  return parsed;
}

std::optional<std::filesystem::path> settings_file(const Parsed& parsed,
                                                   const Environment& environment) {
  if (parsed.config_file) return *parsed.config_file;
  for (const auto& [name, value] : environment) {
    if (name == "INNKEEPER_CONFIG") return value;
  }
  return usual_settings_file();
}

ExitCode run(const Parsed& parsed, const Environment& environment, const Secret& license_key) {
  const Config config =
      Config::load({settings_file(parsed, environment), environment, parsed.flags});
  const LogFormat format = config.text("LOG_FORMAT") == "json" ? LogFormat::json : LogFormat::text;
  const std::unique_ptr<Log> log = make_stderr_log(log_level(config), format);
  House house(config, *log);
  Surroundings surroundings{config, environment, *log, house, license_key};
  return parsed.command->run(surroundings);
}

ExitCode say(const std::exception& error, ExitCode code) {
  std::cerr << "innkeeper: " << error.what() << "\n";
  return code;
}

}  // namespace

ExitCode run_program(const TakenArguments& arguments, const Environment& environment) {
  try {
    const std::vector<Command> commands{serve_command(),          demo_command(),
                                        migrate_command(),        createsuperuser_command(),
                                        changepassword_command(), sessions_command(),
                                        clearsessions_command(),  download_geoip_db_command(),
                                        payload_command(),        device_command(),
                                        location_command(),       settings_command(),
                                        version_command()};
    const Parsed parsed = parse(arguments.words, commands);
    return parsed.finished ? *parsed.finished : run(parsed, environment, arguments.license_key);
  } catch (const ConfigError& error) {
    return say(error, ExitCode::usage);
  } catch (const StoreError& error) {
    return say(error, ExitCode::database);
  } catch (const FileError& error) {
    return say(error, ExitCode::file);
  } catch (const std::exception& error) {
    return say(error, ExitCode::internal);
  }
}

}  // namespace innkeeper::app
