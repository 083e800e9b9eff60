#include "engine/decoys.h"

#include <string>

#include "store/user_table.h"
#include "user/password.h"

namespace innkeeper::engine {

namespace {

constexpr int sample_size = 64;
constexpr std::chrono::hours sample_age{1};

std::string chooser_key(const Secret& secret_key) {
  const Secret material("innkeeper.engine.decoys" + std::string(secret_key.reveal()));
  return std::string(as_text(sha256(material.reveal())));
}

}  // namespace

Decoys::Decoys(Engine& engine)
    : m_engine(engine), m_chooser(chooser_key(engine.settings().keys.secret_key)) {}

void Decoys::refresh() {
  const Time now = m_engine.clock().now();
  {
    const std::lock_guard lock(m_mutex);
    // A clock that was set back must not make the sample last longer.
    if (now >= m_read_at && now < m_read_at + sample_age) return;
  }
  std::vector<Secret> sample;
  {
    const auto connection = m_engine.database().connect(store::Access::read);
    for (const Secret& encoded :
         store::UserTable(*connection, m_engine.settings().users).some_passwords(sample_size)) {
      if (user::is_usable(encoded)) sample.push_back(user::decoy_of(encoded));
    }
  }
  const std::lock_guard lock(m_mutex);
  m_sample = std::move(sample);
  m_read_at = now;
}

void Decoys::forget() {
  const std::lock_guard lock(m_mutex);
  m_read_at = {};
}

Secret Decoys::for_name(std::string_view username) const {
  const Sha256Digest digest = m_chooser.sign(username);
  const std::lock_guard lock(m_mutex);
  if (m_sample.empty()) return {};
  return m_sample[digest[0] % m_sample.size()];
}

}  // namespace innkeeper::engine
