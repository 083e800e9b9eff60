#include "web/templates.h"

#include <utility>

#include <kainjow/mustache.hpp>

#include "base/error.h"
#include "base/utf8.h"
#include "web/assets.h"

namespace innkeeper::web {
namespace {

namespace mustache = kainjow::mustache;

// Without the indentation of its lines: the library makes a node of every blank.
std::string without_indentation(std::string_view source) {
  std::string text;
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size() - 1);
    const std::string_view line = source.substr(0, end + 1);
    text += line.substr(std::min(line.find_first_not_of(' '), line.size()));
    source.remove_prefix(end + 1);
  }
  return text;
}

std::string with_parts(std::string_view source, int depth = 0) {
  if (depth > 8) throw Error("a page template includes itself");
  std::string text;
  while (true) {
    const std::size_t start = source.find("{{> ");
    text += source.substr(0, start);
    if (start == source.npos) return text;
    const std::size_t end = source.find("}}", start);
    const std::string name(source.substr(start + 4, end - start - 4));
    const std::string_view part = asset(name + ".html");
    if (part.empty()) throw Error("a page template includes '" + name + "', which there is not");
    text += with_parts(part, depth + 1);
    source.remove_prefix(end + 2);
  }
}

}  // namespace

struct View::Data {
  mustache::data values;
};

View::View() : m_data(std::make_unique<Data>()) {}
View::~View() = default;
View::View(View&&) noexcept = default;
View& View::operator=(View&&) noexcept = default;

View& View::text(std::string_view name, std::string_view value) {
  m_data->values[std::string(name)] = mustache::data(valid_utf8(value));
  return *this;
}

View& View::flag(std::string_view name, bool value) {
  m_data->values[std::string(name)] = mustache::data(value);
  return *this;
}

View& View::maybe(std::string_view name, std::string_view value) {
  flag("has_" + std::string(name), !value.empty());
  return value.empty() ? *this : text(name, value);
}

View& View::object(std::string_view name, View value) {
  m_data->values[std::string(name)] = std::move(value.m_data->values);
  return *this;
}

View& View::list(std::string_view name, std::vector<View> items) {
  mustache::list values;
  values.reserve(items.size());
  for (View& item : items) values.push_back(std::move(item.m_data->values));
  m_data->values[std::string(name)] = mustache::data(values);
  return *this;
}

struct Templates::Parsed {
  explicit Parsed(const std::string& text) : page(text) {}
  // The library renders through non-const members; it changes nothing unless a lambda fails, and
  // views hold none.
  mutable mustache::mustache page;
};

Templates::Templates() {
  for (const Asset& one : assets()) {
    if (!one.name.ends_with(".html")) continue;
    const std::string name(one.name.substr(0, one.name.size() - 5));
    auto parsed = std::make_unique<Parsed>(without_indentation(with_parts(one.content)));
    if (!parsed->page.is_valid()) {
      throw Error("page template " + name + ": " + parsed->page.error_message());
    }
    m_parsed.emplace(name, std::move(parsed));
  }
}

Templates::~Templates() = default;
Templates::Templates(Templates&&) noexcept = default;

std::string Templates::render(std::string_view name, const View& view) const {
  const auto found = m_parsed.find(name);
  if (found == m_parsed.end()) throw Error("no page template " + std::string(name));
  std::string text;
  text.reserve(32u << 10);
  found->second->page.render(view.m_data->values,
                             [&text](const std::string& piece) { text += piece; });
  return text;
}

}  // namespace innkeeper::web
