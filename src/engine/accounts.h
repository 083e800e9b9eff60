// Users and who a session belongs to: sign-in, sign-out, and the check that every request makes.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decoys.h"
#include "engine/engine.h"
#include "user/auth_hash.h"
#include "user/password.h"
#include "user/user.h"

namespace innkeeper::engine {

// Thread-safe. Slow where it hashes passwords (authenticate, create, set_password): call on a
// worker.
class Accounts {
 public:
  Accounts(Engine& engine, Random& random);

  // The user with this name and password, if active; the hash is renewed where it is weaker than
  // the policy. A name that does not exist costs as much time as a wrong password: see decoys.h.
  std::optional<user::User> authenticate(std::string_view username, const Secret& password);

  // Signs `user` in: `_auth_user_id`, `_auth_user_backend`, `_auth_user_hash` go into the session,
  // the key is rotated, last_login is written. Data of another user's session is dropped first, as
  // Django does. A last_login that cannot be written costs a line in the log: the sign-in holds.
  // Throws ConfigError where the payload is another serializer's, which nobody can write into.
  Saved sign_in(Session& session, const user::User& user, const Client& client);
  // Ends the session (reason: signed out) and empties it.
  void sign_out(Session& session);

  // The user that the session is signed in as: its backend is one of ours, the user exists and is
  // active, and the hash matches the password column. A fallback key's match renews the hash and
  // marks the session modified. The session's key stays, where Django changes it: of several
  // requests at once all are of one session, and no old SECRET_KEY tells what its key is. Nothing
  // otherwise; a session whose hash does not match is flushed, as Django does.
  std::optional<user::User> user_of(Session& session);

  // Active or not; nothing where there is none, or where the text cannot be an id of this table.
  std::optional<user::User> find(std::string_view id);
  // By the exact name, active or not.
  std::optional<user::User> find_by_username(std::string_view username);
  // Those of `ids` that there are, in any order: one statement.
  std::vector<user::User> find_all(std::span<const std::string> ids);
  // At most `limit` users whose name or e-mail starts with `text`: see store/user_table.h.
  store::FoundUsers search(std::string_view text, int limit);
  // Stores a new user with this password; its id. Throws StoreError (constraint) where the name is
  // taken, Error where a text cannot be a user's (user/user_check.h).
  std::string create(user::User user, const Secret& password);
  // Every other session of the user ends by it, since their hash no longer matches; they are
  // revoked as well.
  void set_password(std::string_view id, const Secret& password, std::string_view actor);

  // For tests, before any other thread uses the accounts: what is called in the place of
  // user::check_password.
  using PasswordChecker = std::function<user::PasswordCheck(
      const Secret& password, const Secret& encoded, const user::PasswordPolicy& policy)>;
  void set_password_checker(PasswordChecker check) { m_check = std::move(check); }

 private:
  // `user` with a new hash, or as somebody else has changed it meanwhile.
  std::optional<user::User> rehashed(user::User user, const Secret& password);
  void note_sign_in(const user::User& user);

  Engine& m_engine;
  Random& m_random;
  user::AuthHasher m_hasher;
  Decoys m_decoys;
  PasswordChecker m_check = user::check_password;
};

}  // namespace innkeeper::engine
