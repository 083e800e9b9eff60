// The book of sessions: opens, saves, lists and ends them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <innkeeper/client.h>
#include <innkeeper/options.h>
#include <innkeeper/secret.h>
#include <innkeeper/session.h>
#include <innkeeper/session_info.h>
#include <innkeeper/user.h>

namespace innkeeper {

// What a save did.
enum class Saved {
  created,  // the session is new: its key goes into the cookie
  updated,
  merged,  // another request had saved meanwhile: both changes are in
  ended,   // it was ended meanwhile: nothing was written, the session in hand is new and empty
};

// One book over one SQLite file and, where the options name one, one cache. Any number of books, in
// this process and in others, may share both. Thread-safe: every call, from any thread. Not
// copyable, not movable: keep it where it is made, and make it after a fork, not before.
//
// Every call may throw StoreError: the database is locked, full, gone, read-only. Its message says
// what to do, retry() whether to try again. A cache that cannot answer is gone on without. Nothing
// else is thrown but what a call names.
class Book {
 public:
  // Opens the database and the cache, making what is missing. Throws ConfigError where an option is
  // impossible (an empty secret_key), StoreError where the database cannot be used, CacheError
  // where the cache's folder cannot.
  explicit Book(const Options& options);
  ~Book();
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  // --- one session, in a request
  // ----------------------------------------------------------------------------------

  // The session of a cookie's value. For no cookie, junk, an unknown or ended one: a new, empty
  // session, which gets its key when it is saved; a key that the book did not issue is never taken
  // over. One whose stored payload was refused (forged, signed with a secret that is not in the
  // options any more, or no JSON object) exists and is empty, and the log has a line; a save writes
  // over it. 2 to 3 µs through the cache.
  Session open(std::optional<std::string_view> cookie);
  // Writes it, and notes that it was used, as touch() does. Two requests that change different
  // values of one session keep both changes; on the same value the later save wins. A session that
  // was ended meanwhile stays ended. Throws Error where its values are more than 16 MiB of JSON, as
  // rotate_key() and the sign-ins do.
  Saved save(Session& session, const Client& client = {});
  // Notes that the session was used, now, by this client; writes at most once per
  // Options::activity_interval (a quarter of idle_timeout where that is less), also where the
  // client changed. What the client leaves empty stays. Returns whether it wrote. For requests that
  // change nothing.
  bool touch(Session& session, const Client& client);
  // Gives the session a fresh key and keeps its values; the old cookie opens nothing any more.
  // Saves. A visitor's values go on in a new session where the old one was ended meanwhile
  // (Saved::created), those of who was signed in do not.
  Saved rotate_key(Session& session, const Client& client = {});
  // Ends the session in hand; it is new and empty afterwards.
  void end(Session& session);
  // The cookie's Max-Age, or nothing for "until the browser closes".
  std::optional<std::chrono::seconds> cookie_age(const Session& session) const;

  // --- whose session it is
  // ----------------------------------------------------------------------------------------

  // Checks the password of one of the book's users (slow by design: about 0.12 s for PBKDF2 with
  // 1,000,000 iterations) and, where it is right, signs the user in: the key is rotated, the
  // session saved. Nothing where name or password are wrong, or the user is not active. Set the
  // cookie anew.
  std::optional<User> sign_in(Session& session, std::string_view username, const Secret& password,
                              const Client& client = {});
  // Signs in one of the book's users whom the program itself has recognised (by single sign-on, a
  // link in a mail). Throws Error where there is no such active user. Set the cookie anew.
  void sign_in_as(Session& session, std::string_view user_id, const Client& client = {});
  // The user that the session belongs to, checked as Django checks it: active, and with the
  // password of the sign-in. Nothing where that is not so; a session with another password than
  // the user's is ended, too. Of a user who is not active it stays, and is good again when the user
  // is: to end it for ever, revoke_all(). Where the sign-in was made with one of
  // Options::secret_key_fallbacks, the session is modified() afterwards: save it, so that it goes
  // on when that key is gone.
  std::optional<User> user_of(Session& session);
  // Adds a user; its id. Throws StoreError (constraint) where the name is taken, Error where name
  // or e-mail cannot be a user's: more than 150 or 254 characters, no UTF-8, a control character, a
  // blank at either end, no name at all.
  std::string create_user(const User& user, const Secret& password);
  // The user with exactly this name, active or not; nothing where there is none.
  std::optional<User> find_user(std::string_view username);

  // --- looking and ending
  // -----------------------------------------------------------------------------------------

  // The living sessions of a user, last used first, at most `limit`.
  std::vector<SessionInfo> sessions_of(std::string_view user_id, int limit = 100);
  // One session by its public id, or nothing where it is absent or over.
  std::optional<SessionInfo> find(std::string_view id);
  // Ends one session by its public id, at once and in every process; whether there was one. `actor`
  // stands in the history: who did it, in your own words.
  bool revoke(std::string_view id, std::string_view actor = {});
  // Ends every session of a user, but for the one with the id `except`, if any; how many. Throws
  // Error where `except` is no id, and ends nothing.
  std::int64_t revoke_all(std::string_view user_id, std::string_view except = {},
                          std::string_view actor = {});

  // --- upkeep
  // -----------------------------------------------------------------------------------------------------

  // Removes expired sessions in small batches, for at most `budget`; how many. Call it now and
  // then: what it removes was over already, and only takes room.
  std::int64_t clear_expired(std::chrono::milliseconds budget);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper
