// The admin list's URL: search, filters and the place in the list, read and written.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "web/list_place.h"

namespace innkeeper::web {

// A value type. What a URL says wrongly counts as not said.
struct ListQuery {
  std::string search;    // "q": a user's name or its start, an address, a network, a session's id
  std::string validity;  // "active", "expired" or empty
  std::string owner;     // "user", "visitor" or empty
  std::string user;      // a user's id
  ListPlace place;

  static ListQuery read(const http::Request& request);
  // "/admin/sessions/?q=…": parts that are empty are left out.
  std::string url() const;

  // Copies with one part changed and the place in the list forgotten: what a link leads to.
  ListQuery with_search(std::string_view value) const;
  ListQuery with_validity(std::string_view value) const;
  ListQuery with_owner(std::string_view value) const;
  ListQuery with_user(std::string_view value) const;
  bool filtered() const;  // whether anything but the place is set
};

}  // namespace innkeeper::web
