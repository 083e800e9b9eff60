// Users and who a session belongs to: sign-in, sign-out, and the check that every request makes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "user/auth_hash.h"
#include "user/user.h"

namespace innkeeper::engine {

// Thread-safe. Slow where it hashes passwords (authenticate, create, set_password): call on a
// worker.
class Accounts {
 public:
  Accounts(Engine& engine, Random& random);

  // The user with this name and password, if active; the hash is renewed where it is weaker than
  // the policy. A name that does not exist costs as much time as a wrong password.
  std::optional<user::User> authenticate(std::string_view username, const Secret& password);

  // Signs `user` in: `_auth_user_id`, `_auth_user_backend`, `_auth_user_hash` go into the session,
  // last_login is written, the key is rotated. Data of another user's session is dropped first, as
  // Django does.
  Saved sign_in(Session& session, const user::User& user, const Client& client);
  // Ends the session (reason: signed out) and empties it.
  void sign_out(Session& session);

  // The user that the session is signed in as: its backend is one of ours, the user exists and is
  // active, and the hash matches the password column (a fallback key's match renews the hash and
  // marks the session modified). Nothing otherwise; a session whose hash does not match is flushed,
  // as Django does.
  std::optional<user::User> user_of(Session& session);

  std::optional<user::User> find(std::string_view id);
  std::optional<user::User> find_by_username(std::string_view username);
  std::vector<user::User> find_all(std::span<const std::string> ids);
  std::vector<std::string> search(std::string_view text, int limit);
  // Stores a new user with this password; its id. Throws StoreError (constraint) where the name is
  // taken.
  std::string create(user::User user, const Secret& password);
  // Every other session of the user ends by it, since their hash no longer matches; they are
  // revoked as well.
  void set_password(std::string_view id, const Secret& password, std::string_view actor);

 private:
  Engine& m_engine;
  Random& m_random;
  user::AuthHasher m_hasher;
};

}  // namespace innkeeper::engine
