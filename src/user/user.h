// A row of the user table, as far as sessions need it: Django's auth_user, or a site's own user
// model.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"

namespace innkeeper::user {

struct User {
  std::string id;                     // the primary key as text, see session::UserId
  std::string username;               // USERNAME_FIELD's value
  std::string email;                  // empty where the model has none
  std::string first_name, last_name;  // empty where the model has none
  Secret password;                    // the encoded hash of the column, not the password
  bool is_active = false;
  bool is_staff = false;
  bool is_superuser = false;
  std::optional<Time> last_login;
  std::optional<Time> date_joined;
};

}  // namespace innkeeper::user
