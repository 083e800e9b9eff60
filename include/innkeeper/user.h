// A user, as far as sessions need one.
#pragma once

#include <string>

namespace innkeeper {

// A plain value: a row of the table `auth_user`, which is Django's own where a Django site shares
// the database. The password's hash stays in the book.
struct User {
  std::string id = {};  // the primary key as text; given by the book where keys are integers
  std::string username = {};
  std::string email = {};  // may be empty
  bool is_active = true;
  bool is_staff = false;
  bool is_superuser = false;
};

}  // namespace innkeeper
