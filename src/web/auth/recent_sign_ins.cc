#include "web/auth/recent_sign_ins.h"

#include <algorithm>

namespace innkeeper::web {

std::uint64_t RecentSignIns::arrive() {
  const std::lock_guard lock(m_mutex);
  return ++m_arrivals;
}

std::optional<session::SessionId> RecentSignIns::earlier(const Form& form) {
  const std::lock_guard lock(m_mutex);
  forget();
  const auto found = find(form);
  if (found == m_sign_ins.end() || found->form.arrival > form.arrival) return std::nullopt;
  return found->session;
}

std::optional<session::SessionId> RecentSignIns::note(const Form& form,
                                                      const session::SessionId& session) {
  const std::lock_guard lock(m_mutex);
  forget();
  std::optional<session::SessionId> superseded;
  if (const auto found = find(form); found != m_sign_ins.end()) {
    if (found->form.arrival > form.arrival) return session;
    superseded = found->session;
    m_sign_ins.erase(found);
  }
  if (m_sign_ins.size() == most) m_sign_ins.erase(m_sign_ins.begin());
  m_sign_ins.push_back({form, session, m_clock.now()});
  return superseded;
}

std::vector<RecentSignIns::SignIn>::iterator RecentSignIns::find(const Form& form) {
  return std::ranges::find_if(m_sign_ins, [&](const SignIn& sign_in) {
    return sign_in.form.user == form.user && sign_in.form.token == form.token;
  });
}

// Also what a clock that was set back puts into the future.
void RecentSignIns::forget() {
  const Time now = m_clock.now();
  std::erase_if(m_sign_ins, [now](const SignIn& sign_in) {
    return sign_in.at > now || now - sign_in.at >= memory;
  });
}

}  // namespace innkeeper::web
