// The one file that sees toml++.
#include "config/toml_file.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include <toml++/toml.h>

#include "base/error.h"

namespace innkeeper::app {
namespace {

constexpr std::size_t file_limit = 1u << 20;

std::string place(const std::filesystem::path& file, const toml::source_region& region) {
  return file.string() + ":" + std::to_string(region.begin.line);
}

std::string_view name_of(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list of other things than texts";
  if (node.is_floating_point()) return "a number with a point";
  return "a date or time";
}

std::optional<std::vector<std::string>> texts_of(const toml::array& array) {
  std::vector<std::string> texts;
  for (const toml::node& item : array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    texts.push_back(text->get());
  }
  return texts;
}

RawValue raw_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* array = node.as_array()) {
    if (auto texts = texts_of(*array)) return std::move(*texts);
  }
  return Other{std::string(name_of(node))};
}

std::filesystem::path whole_path_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(file, error);
  if (error) {
    throw ConfigError(file.string() + ": the working directory is not to be had (" +
                      error.message() + "); name the file by its whole path");
  }
  return absolute;
}

}  // namespace

std::vector<RawSetting> read_toml(std::string_view text, const std::filesystem::path& file) {
  struct Placed {
    std::uint32_t line;
    RawSetting setting;
  };
  std::vector<Placed> placed;
  try {
    const std::filesystem::path whole_path = whole_path_of(file);
    const toml::table table = toml::parse(text, file.string());
    for (auto&& [key, node] : table) {
      Origin origin{Source::file, place(file, key.source()), whole_path};
      placed.push_back(
          {key.source().begin.line, {std::string(key.str()), raw_value(node), std::move(origin)}});
    }
  } catch (const toml::parse_error& error) {
    throw ConfigError(place(file, error.source()) + ": " + std::string(error.description()));
  }
  std::ranges::stable_sort(placed, {}, &Placed::line);
  std::vector<RawSetting> settings;
  for (Placed& item : placed) settings.push_back(std::move(item.setting));
  return settings;
}

std::vector<RawSetting> read_toml_file(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw ConfigError(file.string() + ": it is a folder");
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw ConfigError(file.string() +
                      ": the settings file is missing or cannot be read by this user");
  std::string text(file_limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > file_limit)
    throw ConfigError(file.string() + ": a settings file of more than 1 MiB");
  return read_toml(text, file);
}

}  // namespace innkeeper::app
