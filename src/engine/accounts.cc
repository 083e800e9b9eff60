#include "engine/accounts.h"

#include <algorithm>

#include "base/error.h"
#include "codec/json.h"
#include "store/user_table.h"
#include "user/user_check.h"

namespace innkeeper::engine {

namespace {

constexpr std::string_view user_field = "_auth_user_id";
constexpr std::string_view backend_field = "_auth_user_backend";
constexpr std::string_view hash_field = "_auth_user_hash";

std::string text_of(const Session& session, std::string_view field) {
  const std::string* json = session.get(field);
  return json ? codec::string_value(*json).value_or("") : "";
}

// Runs `what` on the user table through a connection of its own.
template <class What>
auto with_users(Engine& engine, store::Access access, What what) {
  const auto connection = engine.database().connect(access);
  store::UserTable users(*connection, engine.settings().users);
  return what(users);
}

}  // namespace

Accounts::Accounts(Engine& engine, Random& random)
    : m_engine(engine),
      m_random(random),
      m_hasher(engine.settings().keys.secret_key, engine.settings().keys.fallbacks),
      m_decoys(engine) {}

std::optional<user::User> Accounts::authenticate(std::string_view username,
                                                 const Secret& password) {
  m_decoys.refresh();
  auto user = find_by_username(username);
  const bool real = user && user::is_usable(user->password);
  const auto check = m_check(password, real ? user->password : m_decoys.for_name(username),
                             m_engine.settings().passwords);
  if (!real || check == user::PasswordCheck::differs || !user->is_active) return std::nullopt;
  if (check == user::PasswordCheck::matches) return user;
  return rehashed(*std::move(user), password);
}

std::optional<user::User> Accounts::rehashed(user::User user, const Secret& password) {
  const user::PasswordPolicy& policy = m_engine.settings().passwords;
  const Secret renewed = user::hash_password(password, policy, m_random);
  const bool written = with_users(m_engine, store::Access::write, [&](auto& users) {
    return users.replace_password(user.id, user.password, renewed);
  });
  if (written) {
    user.password = renewed;
    return user;
  }
  // The password was changed meanwhile, or another sign-in was quicker: what stands there decides.
  auto now = find(user.id);
  if (!now || !now->is_active) return std::nullopt;
  if (m_check(password, now->password, policy) == user::PasswordCheck::differs) return std::nullopt;
  return now;
}

Saved Accounts::sign_in(Session& session, const user::User& user, const Client& client) {
  if (m_engine.settings().serializer == Serializer::opaque) {
    throw ConfigError(
        "SESSION_SERIALIZER is not Django's JSONSerializer: nobody can be signed in, since the "
        "user's name goes into a payload that only that serializer writes");
  }
  const std::string hash = m_hasher.hash(user.password);
  const std::string before = text_of(session, user_field);
  const bool another =
      !before.empty() && (before != user.id || text_of(session, hash_field) != hash);
  if (another) m_engine.flush(session, store::Reason::signed_out, "user " + before);
  const auto write = [&] {
    session.set(user_field, codec::json_string(user.id));
    session.set(backend_field, codec::json_string(m_engine.settings().backends.front()));
    session.set(hash_field, codec::json_string(hash));
  };
  write();
  Saved saved = m_engine.rotate_key(session, client);
  if (saved ==
      Saved::ended) {  // the visitor's session was ended meanwhile; the sign-in is none the worse
    write();
    saved = m_engine.save(session, client);
  }
  note_sign_in(user);
  return saved;
}

// The row is written and its key must reach the browser, whatever becomes of this.
void Accounts::note_sign_in(const user::User& user) {
  try {
    with_users(m_engine, store::Access::write,
               [&](auto& users) { users.set_last_login(user.id, m_engine.clock().now()); });
  } catch (const StoreError& error) {
    m_engine.log().write(
        LogLevel::warning, general_log,
        "user " + user.id + " is signed in, but last_login was not written: " + error.what());
  }
}

void Accounts::sign_out(Session& session) {
  const std::string id = text_of(session, user_field);
  m_engine.flush(session, store::Reason::signed_out, id.empty() ? "" : "user " + id);
}

std::optional<user::User> Accounts::user_of(Session& session) {
  const std::string id = text_of(session, user_field);
  if (id.empty()) return std::nullopt;
  const auto& backends = m_engine.settings().backends;
  if (std::find(backends.begin(), backends.end(), text_of(session, backend_field)) ==
      backends.end())
    return std::nullopt;
  auto user = find(id);
  if (!user || !user->is_active) return std::nullopt;
  switch (m_hasher.check(text_of(session, hash_field), user->password)) {
    case user::AuthHashCheck::matches:
      return user;
    case user::AuthHashCheck::matches_fallback:
      session.set(hash_field, codec::json_string(m_hasher.hash(user->password)));
      return user;
    case user::AuthHashCheck::differs:
      break;
  }
  m_engine.flush(session, store::Reason::revoked, "password change");
  return std::nullopt;
}

std::optional<user::User> Accounts::find(std::string_view id) {
  return with_users(m_engine, store::Access::read, [id](auto& users) { return users.find(id); });
}

std::optional<user::User> Accounts::find_by_username(std::string_view username) {
  return with_users(m_engine, store::Access::read,
                    [username](auto& users) { return users.find_by_username(username); });
}

std::vector<user::User> Accounts::find_all(std::span<const std::string> ids) {
  return with_users(m_engine, store::Access::read,
                    [ids](auto& users) { return users.find_all(ids); });
}

store::FoundUsers Accounts::search(std::string_view text, int limit) {
  return with_users(m_engine, store::Access::read,
                    [&](auto& users) { return users.search(text, limit); });
}

std::string Accounts::create(user::User user, const Secret& password) {
  if (const auto fault = user::fault_of(user)) throw Error("a user cannot be created: " + *fault);
  user.password = user::hash_password(password, m_engine.settings().passwords, m_random);
  m_decoys.forget();
  return with_users(m_engine, store::Access::write,
                    [&](auto& users) { return users.create(user, m_engine.clock().now()); });
}

void Accounts::set_password(std::string_view id, const Secret& password, std::string_view actor) {
  const Secret encoded = user::hash_password(password, m_engine.settings().passwords, m_random);
  with_users(m_engine, store::Access::write, [&](auto& users) { users.set_password(id, encoded); });
  store::SessionFilter of_user;
  of_user.user_id = std::string(id);
  m_engine.revoke_all(std::move(of_user), {.actor = std::string(actor)});
}

}  // namespace innkeeper::engine
