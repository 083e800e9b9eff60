// What an observer is told of a save: gathered before it, handed over after its commit.
#include <algorithm>

#include "engine/state.h"

namespace innkeeper::engine {

namespace {

// How many of a user's clients are compared; whoever has more has seen every device.
constexpr int most_clients = 1000;

// What has no client hints (the history, and a browser's first request) is compared without them.
bool same_device(const device::DeviceReader& reader, const Client& one, const Client& other) {
  const bool hints = !one.client_hints.empty() && !other.client_hints.empty();
  const auto read = [&](const Client& client) {
    return reader.read(client.user_agent, hints ? client.client_hints : std::string());
  };
  return device::same_device(*read(one), *read(other));
}

}  // namespace

std::vector<Client> Engine::State::known_clients(store::Connection& connection,
                                                 const UserId& user) const {
  auto clients = sessions(connection).clients_of(user, most_clients);
  for (std::string& text : ended(connection).user_agents_of(user, most_clients))
    clients.push_back({{}, std::move(text), {}});
  return clients;
}

void Engine::State::look_at_device(store::Connection& connection, Started& started) const {
  const auto* const reader = observer->devices();
  if (reader == nullptr) return;
  const auto known = known_clients(connection, *started.user_id);
  started.first_session = known.empty();
  started.new_device = !started.client.user_agent.empty() &&
                       std::none_of(known.begin(), known.end(), [&](const Client& client) {
                         return same_device(*reader, started.client, client);
                       });
}

Engine::State::News Engine::State::news_of(store::Connection& connection, const Session& session,
                                           const Snapshot& next) const {
  News news;
  if (observer == nullptr) return news;
  const auto& before = session.snapshot();
  const bool signs_in = next.user_id && (!before || before->user_id != next.user_id);
  if ((signs_in || !before || SessionAccess::start_untold(session)) &&
      observer->wants(Observer::Event::started)) {
    news.started = Started{next.id, next.user_id, next.client};
    if (signs_in) look_at_device(connection, *news.started);
  }
  if (before) news.changed = change_of(*before, next);
  return news;
}

std::optional<ClientChanged> Engine::State::change_of(const Snapshot& before,
                                                      const Snapshot& next) const {
  if (observer == nullptr) return std::nullopt;
  if (!session::is_other_client(before.client, next.client)) return std::nullopt;
  if (!observer->wants(Observer::Event::client_changed)) return std::nullopt;
  return ClientChanged{next.id, next.user_id, before.client, next.client};
}

void Engine::State::hand_over(const News& news) const {
  if (news.started) observer->started(*news.started);
  if (news.changed) observer->client_changed(*news.changed);
  if (!news.ended.empty()) observer->ended(news.ended);
}

Engine::State::News Engine::State::end_of(const std::vector<store::RemovedSession>& removed,
                                          store::Reason reason, std::string_view actor) const {
  News news;
  if (observer == nullptr || !observer->wants(Observer::Event::ended)) return news;
  for (const auto& [id, user] : removed)
    news.ended.push_back({id, user, reason, std::string(actor)});
  return news;
}

}  // namespace innkeeper::engine
