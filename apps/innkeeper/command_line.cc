// The one file that sees CLI11.
#include "command_line.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "config/options.h"
#include "output/stderr_log.h"
#include "wiring.h"
#include "wrong_words.h"

namespace innkeeper::app {
namespace {

constexpr const char* program_details =
    R"(Settings come from a TOML file (--config, else INNKEEPER_CONFIG, else innkeeper.toml here, else
/etc/innkeeper/innkeeper.toml), the environment (INNKEEPER_…) and flags, the later overriding the earlier. Every
setting that `innkeeper settings` lists is a flag of every command: SESSION_COOKIE_AGE is --session-cookie-age 3600,
HTTPS is --https or --https=false. Secrets have none, since everybody can read flags: use the file, the environment, or
NAME_FILE.

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

// One word each time it is said: CLI11 would give a list all the words that follow, a command or an
// id among them.
void take_one_word(CLI::Option& option, CLI::MultiOptionPolicy several) {
  option.expected(1)->allow_extra_args(false)->multi_option_policy(several);
}

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
    // A text that is empty is given, too: the library would leave `target` without one.
    m_app.add_option_function<std::string>(
        names, [&target](const std::string& text) { target = text; }, help);
  }
  void texts(const std::string& names, std::vector<std::string>& target,
             const std::string& help) override {
    // Positional: all that follow. Otherwise one for each time it is said.
    CLI::Option* option = m_app.add_option(names, target, help);
    if (names.front() == '-') take_one_word(*option, CLI::MultiOptionPolicy::TakeAll);
  }
  void number(const std::string& names, std::int64_t& target, Bounds bounds,
              const std::string& help) override {
    m_app.add_option(names, target, help)
        ->check(CLI::Range(bounds.least, bounds.most).description(""))
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
  // Leaves those used most to --help. Not before: the library's errors name nothing that is hidden.
  void hide_most() {
    for (auto& [name, flag] : m_flags) {
      if (!flag.shown) flag.option->group("");
    }
  }
  // What was given, in the words of Sources.
  std::vector<std::pair<std::string, std::string>> given() const {
    std::vector<std::pair<std::string, std::string>> flags;
    for (const auto& [name, flag] : m_flags) {
      if (flag.option->count() == 0) continue;
      const std::vector<std::string>& said = flag.option->results();
      flags.emplace_back(name, flag.is_list ? joined(said) : said.back());
    }
    return flags;
  }

 private:
  struct Flag {
    CLI::Option* option;
    bool shown;
    bool is_list;  // said again, it adds to what was said; anything else is said anew
  };

  static std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
    return text;
  }

  void declare(CLI::App& app, const Setting& setting) {
    const std::string name = std::string(setting.name) + (is_secret(setting) ? "_FILE" : "");
    std::string help(setting.help);
    if (is_secret(setting)) help = "A file with it. " + help;
    CLI::Option* option = setting.kind == Kind::boolean
                              ? app.add_flag(flag_name(name) + "{true}", std::as_const(help))
                              : app.add_option(flag_name(name), m_ignored[name], help);
    if (setting.kind != Kind::boolean) {
      take_one_word(*option, CLI::MultiOptionPolicy::TakeAll);
      option->type_name(word_for(setting));
    }
    const bool is_list = setting.kind == Kind::texts || setting.kind == Kind::networks;
    const bool shown = std::ranges::find(shown_settings, setting.name) != std::end(shown_settings);
    option->group(shown ? "Settings used most" : "Settings");
    m_flags.emplace(name, Flag{option, shown, is_list});
  }

  std::map<std::string, Flag> m_flags;
  // CLI11 wants a variable; the results are read instead.
  std::map<std::string, std::vector<std::string>> m_ignored;
};

struct Parsed {
  const Command* command = nullptr;
  std::optional<std::string> config_file;
  std::vector<std::pair<std::string, std::string>> flags;
  bool needs_settings = true;
  std::optional<ExitCode> finished;  // --help and usage errors: said, nothing more to do
};

struct Declared {
  CLI::App* app = nullptr;
  const Command* command = nullptr;
};

void declare(CLI::App& parent, const Command& command, std::vector<Declared>& declared) {
  CLI::App* app = parent.add_subcommand(command.name, command.summary);
  app->fallthrough();            // settings may stand after the subcommand
  app->allow_extras();           // named by ourselves, with the nearest that there is
  app->footer(command.details);  // else it would have the program's
  if (command.declare) {
    CliArguments arguments(*app);
    command.declare(arguments);
  }
  for (const Command& child : command.children) declare(*app, child, declared);
  declared.push_back({app, &command});
}

// The options of this name, the program's and its commands'.
void find_options(const CLI::App& app, const std::string& name,
                  std::vector<const CLI::Option*>& found) {
  if (const CLI::Option* option = app.get_option_no_throw(name)) found.push_back(option);
  for (const CLI::App* child : app.get_subcommands({})) find_options(*child, name, found);
}

bool takes_a_word(const CLI::App& app, const std::string& name) {
  std::vector<const CLI::Option*> found;
  find_options(app, name, found);
  return std::ranges::any_of(
      found, [](const CLI::Option* option) { return option->get_items_expected_max() > 0; });
}

bool is_flag(const CLI::App& app, const std::string& name) {
  std::vector<const CLI::Option*> found;
  find_options(app, name, found);
  return !found.empty() && !takes_a_word(app, name);
}

// "--email=" as "--email" and an empty word: the library would take the word that follows.
std::vector<std::string> spelled_out(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> all;
  bool options = true;  // until "--"
  for (const std::string& word : words) {
    options = options && word != "--";
    const std::string name = name_in(word);
    const bool empty = options && word == name + "=" && takes_a_word(app, name);
    all.push_back(empty ? name : word);
    if (empty) all.emplace_back();
  }
  return all;
}

void collect_flags(const CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* child : app.get_subcommands()) collect_flags(*child, names);
}

std::string unknown_word(const CLI::App& app, const std::string& word) {
  if (!word.starts_with("-")) return "unexpected argument after the command";
  std::vector<std::string> names;
  collect_flags(app, names);
  return unknown_option(word, names);
}

std::string unknown_word(const std::string& parent, const std::vector<std::string>& words,
                         const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  return unknown_command(parent, words, names);
}

ExitCode usage_error(const std::string& message) {
  std::cerr << "innkeeper: " << message << "\n";
  return ExitCode::usage;
}

// The innermost that was named, `list` of `sessions list`: children are declared before their
// parents.
Declared chosen(const std::vector<Declared>& declared) {
  const auto found =
      std::ranges::find_if(declared, [](const Declared& each) { return each.app->parsed(); });
  return found == declared.end() ? Declared{} : *found;
}

// What says the same whatever the settings are must not be kept away by a wrong one.
bool needs_settings(const Declared& declared) {
  if (declared.command->name == "version") return false;
  return declared.command->name != "settings" || declared.app->count("--markdown") == 0;
}

// What is wrong with the words, if anything.
std::optional<std::string> fault_of(const CLI::App& app, const Command* command,
                                    const std::vector<Command>& commands) {
  std::vector<std::string> extras = app.remaining(true);
  std::erase(extras, "--");  // the library counts the mark itself, "from here on no options"
  if (command == nullptr) return unknown_word("innkeeper", extras, commands);
  if (!command->children.empty())
    return unknown_word("innkeeper " + command->name, extras, command->children);
  if (!extras.empty()) return unknown_word(app, extras.front());
  return std::nullopt;
}

// What the library would take in another way than it was meant.
std::optional<std::string> fault_of_values(const CLI::App& app,
                                           const std::vector<std::string>& words) {
  if (auto fault = detached_value(words)) return fault;
  return empty_value(words, [&app](const std::string& name) { return is_flag(app, name); });
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
  if (const auto fault = fault_of_values(app, words)) {
    parsed.finished = usage_error(*fault);
    return parsed;
  }
  try {
    std::vector<std::string> reversed = spelled_out(app, words);
    std::ranges::reverse(reversed);
    app.parse(std::move(reversed));
  } catch (const CLI::Success& success) {
    flags.hide_most();
    app.exit(success);
    parsed.finished = ExitCode::ok;
    return parsed;
  } catch (const CLI::RequiredError& error) {
    // What is missing may be there, mistyped.
    parsed.finished =
        usage_error(fault_of(app, chosen(declared).command, commands).value_or(error.what()));
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.finished = usage_error(error.what());
    return parsed;
  }
  const Declared named = chosen(declared);
  parsed.command = named.command;
  if (const auto fault = fault_of(app, parsed.command, commands))
    parsed.finished = usage_error(*fault);
  else
    parsed.needs_settings = needs_settings(named);
  parsed.flags = flags.given();
  return parsed;
}

std::optional<std::filesystem::path> settings_file(const Parsed& parsed,
                                                   const Environment& environment) {
  if (parsed.config_file) return *parsed.config_file;
  for (const auto& [name, value] : environment) {
    if (name == "INNKEEPER_CONFIG" && !value.empty()) return value;
  }
  return usual_settings_file();
}

ExitCode run(const Parsed& parsed, const Environment& environment, const Secret& license_key) {
  const Config config =
      parsed.needs_settings
          ? Config::load({settings_file(parsed, environment), environment, parsed.flags})
          : Config::of({});
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

// The library's own text names the function that failed, which helps nobody.
FileError named(const std::filesystem::filesystem_error& error) {
  const std::string path = error.path1().empty() ? "the working directory" : error.path1().string();
  return FileError(path + ": " + error.code().message());
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
    const ExitCode code =
        parsed.finished ? *parsed.finished : run(parsed, environment, arguments.license_key);
    if (!std::cout.flush())
      throw FileError("standard output: could not be written to; what was printed is not whole");
    return code;
  } catch (const ConfigError& error) {
    return say(error, ExitCode::usage);
  } catch (const StoreError& error) {
    return say(error, ExitCode::database);
  } catch (const FileError& error) {
    return say(error, ExitCode::file);
  } catch (const std::filesystem::filesystem_error& error) {
    return say(named(error), ExitCode::file);
  } catch (const std::exception& error) {
    return say(error, ExitCode::internal);
  }
}

}  // namespace innkeeper::app
