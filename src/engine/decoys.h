// What a sign-in with a name that nobody has is checked against.
//
// The clock must not tell names apart, and each kind of hash has its own cost (Argon2 and scrypt
// are not PBKDF2), so a name that does not exist is checked against a hash such as this site's
// users have: one of a sample of them, with a digest that no password gives.
#pragma once

#include <mutex>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "engine/engine.h"

namespace innkeeper::engine {

// Thread-safe; holds no lock while it asks the database.
class Decoys {
 public:
  explicit Decoys(Engine& engine);

  // Reads the sample where it is missing or older than an hour: one indexed read. Before the name
  // is looked up, so that this does not tell either.
  void refresh();
  // The next refresh reads anew.
  void forget();
  // The same name gets the same hash as long as the sample is the same, and names as a whole get
  // kinds as often as users have them. Empty where no user has a password.
  Secret for_name(std::string_view username) const;

 private:
  Engine& m_engine;
  HmacSha256 m_chooser;
  mutable std::mutex m_mutex;
  std::vector<Secret> m_sample;
  Time m_read_at{};
};

}  // namespace innkeeper::engine
