#include <charconv>

#include "http/url.h"
#include "web/admin/admin.h"
#include "web/admin/list_query.h"
#include "web/session_view.h"
#include "web/time_text.h"

namespace innkeeper::web {
namespace {

constexpr int page_size = 100;

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

std::string history_url(const std::string& user, std::optional<std::int64_t> below) {
  http::Parameters parameters;
  if (!user.empty()) parameters.emplace_back("user", user);
  if (below) parameters.emplace_back("below", std::to_string(*below));
  const std::string text = http::format_form(parameters);
  return paths::admin_history + (text.empty() ? "" : '?' + text);
}

using Names = std::map<std::string, std::string>;

// "user 42" as the name behind it, where there is one.
std::string actor_text(const std::string& actor, const Names& names) {
  if (!actor.starts_with("user ")) return actor;
  const auto name = names.find(actor.substr(5));
  return name == names.end() ? actor : name->second;
}

View row_of(const Services& services, const store::EndedRecord& record, const Names& names) {
  const Time now = services.clock.now();
  View view;
  add_client(services, record.client, view);
  const auto name = record.user_id ? names.find(*record.user_id) : names.end();
  view.flag("has_user", record.user_id.has_value());
  if (record.user_id) {
    view.text("user", name == names.end() ? "user " + *record.user_id : name->second)
        .text("user_url", history_url(*record.user_id, std::nullopt));
  }
  view.text("reason", to_string(record.reason))
      .maybe("actor", actor_text(record.actor, names))
      .object("ended", time_view(record.ended_at, now))
      .flag("has_started", record.created_at.has_value());
  if (record.created_at) view.object("started", time_view(*record.created_at, now));
  return view;
}

Names names_in(const Services& services, const std::vector<store::EndedRecord>& records) {
  std::vector<std::string> ids;
  for (const auto& record : records) {
    if (record.user_id) ids.push_back(*record.user_id);
    if (record.actor.starts_with("user ")) ids.push_back(record.actor.substr(5));
  }
  return user_names(services, std::move(ids));
}

http::Response show(const Services& services, const http::Request& request,
                    http::Context& context) {
  const std::string user = request.query_value("user").value_or("");
  const auto below = number_in(request.query_value("below").value_or(""));
  store::EndedFilter filter;
  if (!user.empty()) filter.user_id = user;
  const store::EndedPage found = services.engine.history(filter, below, page_size);
  const Names names = names_in(services, found.records);
  std::vector<View> rows;
  for (const auto& record : found.records) rows.push_back(row_of(services, record, names));
  const bool none = rows.empty();
  View view;
  view.list("rows", std::move(rows))
      .flag("has_rows", !none)
      .flag("nothing_at_all", none && user.empty() && !below)
      .flag("nothing_fits", none && (!user.empty() || below))
      .flag("has_pages", below || found.next)
      .maybe("newest_url", below ? history_url(user, std::nullopt) : "")
      .maybe("next_url", found.next ? history_url(user, found.next) : "");
  std::string chip;
  if (!user.empty()) {
    const auto one = services.accounts.find(user);
    chip = "User: " + (one ? one->username : user);
  }
  view.maybe("chip", chip).text("start_url", paths::admin_history);
  return page(services, context, "history", "Ended sessions", "history", std::move(view));
}

}  // namespace

void add_history_routes(const Services& services, http::Router& router) {
  router.add("GET", paths::admin_history, for_staff(services, show));
}

}  // namespace innkeeper::web
