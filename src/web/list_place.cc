#include "web/list_place.h"

#include <charconv>

#include "base/base64.h"

namespace innkeeper::web {

ListPlace ListPlace::read(const http::Request& request) {
  const auto cursor = [&](std::string_view name) {
    return parse_cursor(request.query_value(name).value_or(""));
  };
  ListPlace place;
  place.after = cursor("after");
  if (!place.after) place.before = cursor("before");
  return place;
}

void ListPlace::add_to(http::Parameters& parameters) const {
  if (after) parameters.emplace_back("after", cursor_text(*after));
  if (before) parameters.emplace_back("before", cursor_text(*before));
}

store::SessionPlace ListPlace::page(int size) const {
  return {.size = size, .cursor = before ? before : after, .backwards = before.has_value()};
}

std::string cursor_text(const store::SessionCursor& cursor) {
  const std::string plain =
      std::to_string(cursor.position.time_since_epoch().count()) + ':' + cursor.id.text();
  return base64_encode(plain, Base64::url);
}

std::optional<store::SessionCursor> parse_cursor(std::string_view text) {
  if (text.empty() || text.size() > 100) return std::nullopt;
  const auto plain = base64_decode(text, Base64::url);
  const std::size_t colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  Duration::rep count = 0;
  const auto [end, error] = std::from_chars(plain->data(), plain->data() + colon, count);
  const auto id = session::SessionId::parse(std::string_view(*plain).substr(colon + 1));
  if (error != std::errc() || end != plain->data() + colon || !id) return std::nullopt;
  // Within the years that a database's column takes.
  if (count < 0 || count > Duration::rep{253'402'300'799} * 1'000'000) return std::nullopt;
  return store::SessionCursor{Time(Duration(count)), *id};
}

}  // namespace innkeeper::web
