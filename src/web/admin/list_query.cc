#include "web/admin/list_query.h"

#include <charconv>

#include "base/base64.h"
#include "http/url.h"
#include "web/page.h"

namespace innkeeper::web {
namespace {

constexpr std::size_t search_limit = 200;

std::string one_of(std::string value, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (value == word) return value;
  }
  return "";
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::optional<store::SessionCursor> cursor_in(const http::Request& request, std::string_view name) {
  return parse_cursor(request.query_value(name).value_or(""));
}

}  // namespace

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

ListQuery ListQuery::read(const http::Request& request) {
  const auto value = [&](std::string_view name) { return request.query_value(name).value_or(""); };
  ListQuery query;
  query.search = trimmed(value("q")).substr(0, search_limit);
  query.validity = one_of(value("validity"), {"active", "expired"});
  query.owner = one_of(value("owner"), {"user", "visitor"});
  query.user = trimmed(value("user")).substr(0, search_limit);
  query.after = cursor_in(request, "after");
  if (!query.after) query.before = cursor_in(request, "before");
  return query;
}

std::string ListQuery::url() const {
  http::Parameters parameters;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) parameters.emplace_back(name, std::move(value));
  };
  add("q", search);
  add("validity", validity);
  add("owner", owner);
  add("user", user);
  if (after) add("after", cursor_text(*after));
  if (before) add("before", cursor_text(*before));
  const std::string text = http::format_form(parameters);
  return paths::admin_sessions + (text.empty() ? "" : '?' + text);
}

namespace {

ListQuery from_the_start(ListQuery query) {
  query.after.reset();
  query.before.reset();
  return query;
}

}  // namespace

ListQuery ListQuery::with_search(std::string_view value) const {
  ListQuery query = from_the_start(*this);
  query.search = value;
  return query;
}

ListQuery ListQuery::with_validity(std::string_view value) const {
  ListQuery query = from_the_start(*this);
  query.validity = value;
  return query;
}

ListQuery ListQuery::with_owner(std::string_view value) const {
  ListQuery query = from_the_start(*this);
  query.owner = value;
  return query;
}

ListQuery ListQuery::with_user(std::string_view value) const {
  ListQuery query = from_the_start(*this);
  query.user = value;
  return query;
}

bool ListQuery::filtered() const {
  return !search.empty() || !validity.empty() || !owner.empty() || !user.empty();
}

}  // namespace innkeeper::web
