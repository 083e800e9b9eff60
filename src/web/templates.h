// The page templates (templates/*.html), parsed once: mustache, escaped by default.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "web/view.h"

namespace innkeeper::web {

// Immutable after construction; thread-safe.
class Templates {
 public:
  // Reads what was embedded at build time. `{{> name}}` is replaced by that template's text before
  // parsing, once, instead of at each rendering. Throws Error where one is broken.
  Templates();
  ~Templates();
  Templates(Templates&&) noexcept;

  // Throws Error where there is no such template: a fault of this program.
  std::string render(std::string_view name, const View& view) const;

 private:
  struct Parsed;
  std::map<std::string, std::unique_ptr<Parsed>, std::less<>> m_parsed;
};

}  // namespace innkeeper::web
