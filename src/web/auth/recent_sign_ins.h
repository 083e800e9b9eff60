// Which forms signed in whom a moment ago, so that a form that is sent twice (a double click, a
// second try where no answer came) leaves one session.
//
// A browser that sends a form again has not taken the cookie of the first answer: the form's token
// is good for one session alone. It follows the answer to what it sent last. So of the sign-ins of
// one form as one user the session of the one that arrived last stays, whichever password was
// checked sooner, and the others are ended. No key is remembered, only a public id: an answer
// cannot hand out the session that another one made, and need not.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "session/key.h"
#include "session/record.h"

namespace innkeeper::web {

// Of this process: where two processes each take one of the clicks, two sessions are left, of which
// one is nobody's. Thread-safe; holds its lock across no call.
class RecentSignIns {
 public:
  static constexpr Seconds memory{60};
  static constexpr std::size_t most = 1000;  // with more of them, the oldest are forgotten sooner

  explicit RecentSignIns(const Clock& clock) : m_clock(clock) {}

  struct Form {
    std::string token;
    session::UserId user;
    std::uint64_t arrival;  // from arrive(), before the password was checked
  };
  std::uint64_t arrive();
  // The session that an earlier sign-in by this form as this user made.
  std::optional<session::SessionId> earlier(const Form& form);
  // `form` made `session`. Which one is to be ended for it: the earlier one, or this one where a
  // form that arrived later has signed in already; none where there is no other.
  std::optional<session::SessionId> note(const Form& form, const session::SessionId& session);

 private:
  struct SignIn {
    Form form;
    session::SessionId session;
    Time at;
  };
  std::vector<SignIn>::iterator find(const Form& form);
  void forget();

  const Clock& m_clock;
  std::mutex m_mutex;
  std::uint64_t m_arrivals = 0;
  std::vector<SignIn> m_sign_ins;  // by `at`, oldest first
};

}  // namespace innkeeper::web
