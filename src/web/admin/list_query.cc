#include "web/admin/list_query.h"

#include "base/trim.h"
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

}  // namespace

ListQuery ListQuery::read(const http::Request& request) {
  const auto value = [&](std::string_view name) { return request.query_value(name).value_or(""); };
  ListQuery query;
  query.search = trimmed(value("q")).substr(0, search_limit);
  query.validity = one_of(value("validity"), {"active", "expired"});
  query.owner = one_of(value("owner"), {"user", "visitor"});
  query.user = trimmed(value("user")).substr(0, search_limit);
  query.place = ListPlace::read(request);
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
  place.add_to(parameters);
  const std::string text = http::format_form(parameters);
  return paths::admin_sessions + (text.empty() ? "" : '?' + text);
}

namespace {

ListQuery from_the_start(ListQuery query) {
  query.place = {};
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
