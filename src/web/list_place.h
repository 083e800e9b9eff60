// A place in a list that is paged by position: what `after` or `before` of a page's URL says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "http/message.h"
#include "http/url.h"

namespace innkeeper::web {

// A value type; both members unset is the start. What a URL says wrongly counts as not said.
struct ListPlace {
  std::optional<store::SessionCursor> after, before;

  static ListPlace read(const http::Request& request);
  void add_to(http::Parameters& parameters) const;
  bool is_start() const { return !after && !before; }
  // What is asked of the engine for the page of `size` at this place.
  store::SessionPlace page(int size) const;
};

// A cursor as opaque text, and back; nothing for what we did not write.
std::string cursor_text(const store::SessionCursor& cursor);
std::optional<store::SessionCursor> parse_cursor(std::string_view text);

}  // namespace innkeeper::web
