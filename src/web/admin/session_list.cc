#include "http/url.h"
#include "web/admin/admin.h"
#include "web/admin/list_query.h"
#include "web/session_view.h"
#include "web/time_text.h"

namespace innkeeper::web {
namespace {

constexpr int page_size = 100;
// Users whose sessions a search by name shows; where more are named so, the page asks for more of
// the name.
constexpr std::size_t names_limit = 100;
constexpr int users_reach = store::UserTable::search_reach;

using Filter = store::SessionFilter;

// What a search by name did not take in.
struct LeftOut {
  bool names = false;  // more users are named so
  bool users = false;  // who is spelled otherwise, or has such an e-mail address
};

struct Found {
  store::SessionPage page;
  LeftOut left_out;
};

// Narrows `filter` by the search text; false where no session can match it.
bool add_search(const Services& services, const std::string& search, Filter& filter,
                LeftOut& left_out) {
  if (search.empty()) return true;
  if (const auto network = IpNetwork::parse(search)) {
    filter.network = *network;
    return true;
  }
  if (const auto id = session::SessionId::parse(search)) {
    filter.only = *id;
    return true;
  }
  auto users = services.accounts.search(search, names_limit + 1);
  filter.user_ids = std::move(users.ids);
  left_out = {.names = filter.user_ids.size() > names_limit, .users = users.only_newest};
  if (left_out.names) filter.user_ids.pop_back();
  return !filter.user_ids.empty();
}

Found find(const Services& services, const ListQuery& query) {
  Found found;
  Filter filter;
  if (query.validity == "active") filter.validity = Filter::Validity::active;
  if (query.validity == "expired") filter.validity = Filter::Validity::expired;
  if (query.owner == "user") filter.owner = Filter::Owner::signed_in;
  if (query.owner == "visitor") filter.owner = Filter::Owner::visitor;
  if (!query.user.empty()) filter.user_id = query.user;
  if (!add_search(services, query.search, filter, found.left_out)) return found;
  found.page = services.engine.list(std::move(filter), query.place.page(page_size));
  return found;
}

std::vector<View> rows_of(const Services& services, const store::SessionPage& found,
                          const std::string& own) {
  std::vector<std::string> ids;
  for (const auto& session : found.sessions) {
    if (session.user_id) ids.push_back(*session.user_id);
  }
  const auto names = user_names(services, std::move(ids));
  std::vector<View> rows;
  rows.reserve(found.sessions.size());
  for (const auto& session : found.sessions) {
    View row = session_view(services, session, own);
    const auto name = session.user_id ? names.find(*session.user_id) : names.end();
    row.flag("has_user", session.user_id.has_value());
    if (session.user_id) {
      row.text("user", name == names.end() ? "user " + *session.user_id : name->second)
          .text("user_url", ListQuery{}.with_user(*session.user_id).url());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

View choice(std::string_view label, const std::string& url, bool current) {
  View view;
  view.text("label", label).text("url", url).flag("current", current);
  return view;
}

void add_filters(const ListQuery& query, View& view) {
  std::vector<View> validity;
  validity.push_back(choice("All", query.with_validity("").url(), query.validity.empty()));
  validity.push_back(
      choice("Active", query.with_validity("active").url(), query.validity == "active"));
  validity.push_back(
      choice("Expired", query.with_validity("expired").url(), query.validity == "expired"));
  std::vector<View> owner;
  owner.push_back(choice("Anyone", query.with_owner("").url(), query.owner.empty()));
  owner.push_back(choice("Signed in", query.with_owner("user").url(), query.owner == "user"));
  owner.push_back(choice("Visitors", query.with_owner("visitor").url(), query.owner == "visitor"));
  view.list("validity_choices", std::move(validity)).list("owner_choices", std::move(owner));
}

std::string name_of_user(const Services& services, const std::string& id) {
  const auto user = services.accounts.find(id);
  return user ? user->username : id;
}

// What is set, each with the link that takes it away.
void add_chips(const Services& services, const ListQuery& query, View& view) {
  std::vector<View> chips;
  const auto add = [&](const std::string& label, const ListQuery& without) {
    chips.push_back(choice(label, without.url(), false));
  };
  if (!query.search.empty()) add("Search: " + query.search, query.with_search(""));
  if (!query.validity.empty()) {
    add(query.validity == "active" ? "Active" : "Expired", query.with_validity(""));
  }
  if (!query.owner.empty()) {
    add(query.owner == "user" ? "Signed in" : "Visitors", query.with_owner(""));
  }
  if (!query.user.empty()) add("User: " + name_of_user(services, query.user), query.with_user(""));
  view.flag("has_chips", !chips.empty());
  view.list("chips", std::move(chips));
}

void add_paging(const ListQuery& query, const store::SessionPage& found, View& view) {
  const auto link = [&](const char* name, ListPlace place) {
    ListQuery there = query;
    there.place = std::move(place);
    view.maybe(name, there.place.is_start() ? "" : there.url());
  };
  link("next_url", {.after = found.next, .before = {}});
  link("previous_url", {.after = {}, .before = found.previous});
  view.flag("has_pages", found.next || found.previous);
}

// How far the list was searched, where there is more of it than one request looks at.
void add_search_end(const Services& services, const ListQuery& query,
                    const store::SessionPage& found, View& view) {
  const bool backwards = query.place.before.has_value();
  view.flag("searched_on", found.looked_to && !backwards)
      .flag("searched_back", found.looked_to && backwards);
  if (found.looked_to)
    view.object("searched_to", time_view(*found.looked_to, services.engine.clock().now()));
}

// Four kinds of nothing: no sessions at all, none that fit, none left beyond this place, and none
// so far.
void add_emptiness(const ListQuery& query, const store::SessionPage& found, View& view) {
  const bool placed = !query.place.is_start();
  const bool none = found.sessions.empty();
  const bool over = none && !found.looked_to;
  view.flag("nothing_at_all", over && !query.filtered() && !placed)
      .flag("nothing_fits", over && query.filtered() && !placed)
      .flag("nothing_beyond", over && placed)
      .flag("nothing_so_far", none && !over)
      .flag("has_rows", !none)
      .text("start_url", query.with_search(query.search).url());
}

void add_hidden_fields(const ListQuery& query, View& view) {
  view.maybe("validity", query.validity).maybe("owner", query.owner).maybe("user_id", query.user);
}

http::Response list(const Services& services, const http::Request& request,
                    http::Context& context) {
  const ListQuery query = ListQuery::read(request);
  const auto [found, left_out] = find(services, query);
  View view;
  const std::string ended = request.query_value("ended").value_or("");
  const bool notice = !ended.empty() && ended.size() < 10 &&
                      ended.find_first_not_of("0123456789") == std::string::npos;
  view.flag("none_chosen", request.query_value("chosen") == "0");
  view.flag("notice", notice).text("ended", notice ? ended : "").flag("ended_one", ended == "1");
  view.text("search", query.search);
  view.flag("names_left_out", left_out.names).text("names_limit", std::to_string(names_limit));
  view.flag("users_left_out", left_out.users && !left_out.names)
      .text("users_reach", std::to_string(users_reach));
  view.list("rows", rows_of(services, found, own_session_id(context)));
  add_filters(query, view);
  add_chips(services, query, view);
  add_hidden_fields(query, view);
  add_paging(query, found, view);
  add_search_end(services, query, found, view);
  add_emptiness(query, found, view);
  view.maybe("end_user_url",
             query.user.empty() || found.sessions.empty()
                 ? ""
                 : paths::admin_end + ("?user=" + http::percent_encode(query.user)));
  return page(services, context, "session_list", "Sessions", "sessions", std::move(view));
}

}  // namespace

void add_session_list_routes(const Services& services, http::Router& router) {
  router.add("GET", paths::admin_sessions, for_staff(services, list));
  router.add("GET", "/admin/", for_staff(services, [](auto&, auto&, auto&) {
               return http::Response::redirect(paths::admin_sessions);
             }));
}

}  // namespace innkeeper::web
