// The statements of the user table: Django's auth_user, or a site's own model with its own names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/connection.h"
#include "user/user.h"

namespace innkeeper::store {

// Where the user model keeps what; an empty column name says that it has none. Settings USER_TABLE,
// USER_COLUMN_….
struct UserColumns {
  std::string table = "auth_user";
  KeyType key_type = KeyType::integer;
  std::string id = "id", username = "username", password = "password", email = "email";
  std::string first_name = "first_name", last_name = "last_name";
  std::string is_active = "is_active", is_staff = "is_staff", is_superuser = "is_superuser";
  std::string last_login = "last_login", date_joined = "date_joined";
  bool operator==(const UserColumns&) const = default;
};

// Whose matter users are: with `host` (Django) the table is made and its passwords are checked
// there, and only the table's name and key are known here. With `innkeeper_anew` a table of users
// is made also where a database should have one already; see migrate().
enum class UsersOf { innkeeper, innkeeper_anew, host };

// Throws ConfigError where a name is not a plain identifier ([A-Za-z_][A-Za-z0-9_$]*): they go into
// statements.
void check_names(const UserColumns& columns, UsersOf whose = UsersOf::innkeeper);

struct FoundUsers {
  std::vector<std::string> ids;
  // There are users who were looked at by the spellings of their names alone.
  bool only_newest = false;
};

class UserTable {
 public:
  // How many users a search goes through: some 10 ms.
  static constexpr int search_reach = 20000;

  UserTable(Connection& connection, const UserColumns& columns)
      : m_connection(connection), m_columns(columns) {}

  // Throws StoreError (missing) where the table or one of its columns is not there, and names it
  // and its setting. Reads no row.
  void check();

  // Nothing where there is none, or where the text cannot be a key of this table (a word where it
  // has integers).
  std::optional<user::User> find(std::string_view id);
  bool has(std::string_view id);
  std::optional<user::User> find_by_username(std::string_view username);
  // Users by id, in any order, for the rows of a page: one statement.
  std::vector<user::User> find_all(std::span<const std::string> ids);
  // At most `limit` users whose name or e-mail starts with `text`. A name that is spelled as
  // `text`, or in small letters, capitals or a capital and small letters, is found by its index
  // among any number of users; one that is spelled otherwise (case of ASCII), and an e-mail
  // address, among the `reach` users with the highest ids.
  FoundUsers search(std::string_view text, int limit, int reach = search_reach);

  // Stores the user and gives its id (`user.id` is ignored where the table numbers its rows; for
  // UUID and text keys it must be given). Throws StoreError (constraint) where the name is taken.
  std::string create(const user::User& user, Time now);
  // The password columns of at most `limit` users, the newest where ids ascend: by the primary
  // key's index.
  std::vector<Secret> some_passwords(int limit);
  // Only where the column still holds `old`; whether it did.
  bool replace_password(std::string_view id, const Secret& old, const Secret& encoded);
  void set_password(std::string_view id, const Secret& encoded);
  void set_last_login(std::string_view id, Time now);

 private:
  // Of users that fit `condition`, at most `limit`.
  std::vector<std::string> ids_where(const std::string& condition, std::vector<Value> values,
                                     int limit);
  std::vector<std::string> search_spellings(std::string_view text, int limit);
  // The key of the newest user who is not among the `reach` newest, if there are more.
  std::optional<Value> first_beyond(int reach);

  Connection& m_connection;
  const UserColumns& m_columns;
};

}  // namespace innkeeper::store
