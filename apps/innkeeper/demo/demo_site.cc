#include "demo/demo_site.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <span>

#include "base/error.h"
#include "codec/json.h"
#include "codec/payload.h"
#include "config/options.h"
#include "demo/embedded_files.h"
#include "demo/people.h"
#include "demo/stays.h"
#include "engine/accounts.h"
#include "store/ended_table.h"
#include "store/schema.h"
#include "store/session_table.h"
#include "store/user_table.h"
#include "user/auth_hash.h"

namespace innkeeper::app {
namespace {

constexpr std::string_view kept_groups[] = {"The server", "The log"};
constexpr std::string_view kept_setting = "DEVICE_RULES";
constexpr std::string_view location_file = "demo-city.mmdb";
constexpr std::size_t batch_size = 1000;

std::vector<user::User> make_people(House& house, const Secret& password) {
  std::vector<user::User> people;
  for (const Person& person : demo_people()) {
    user::User user;
    user.username = person.username;
    user.first_name = person.first_name;
    user.last_name = person.last_name;
    user.email = std::string(person.username) + "@example.com";
    user.is_active = true;
    user.is_staff = user.is_superuser = people.empty();
    user.date_joined = house.clock().now() - std::chrono::days(60);
    const std::string id = house.accounts().create(std::move(user), password);
    people.push_back(*house.accounts().find(id));
  }
  return people;
}

// Turns stays into rows.
class Registrar {
 public:
  Registrar(House& house, const std::vector<user::User>& people)
      : m_random(house.random()),
        m_people(people),
        m_codec(house.engine().settings().keys),
        m_hasher(house.engine().settings().keys.secret_key, {}),
        m_backend(house.engine().settings().backends.front()) {}

  void enter(const Stay& stay, store::Connection& connection) {
    const session::SessionId id = session::SessionKey::issue(m_random).id();
    if (stay.ending)
      note_ended(stay, id, connection);
    else
      store::SessionTable(connection, store::KeyType::integer).insert(record_of(stay, id));
  }

 private:
  session::SessionRecord record_of(const Stay& stay, const session::SessionId& id) const {
    const auto user = stay.person ? std::optional(m_people[*stay.person].id) : std::nullopt;
    return {id,
            m_codec.encode(codec::join_object(payload_of(stay)), stay.updated_at),
            stay.expire_date,
            user,
            stay.client,
            stay.created_at,
            stay.updated_at,
            stay.last_activity,
            1};
  }

  Fields payload_of(const Stay& stay) const {
    Fields fields;
    if (stay.person) {
      const user::User& user = m_people[*stay.person];
      fields.push_back({"_auth_user_id", codec::json_string(user.id)});
      fields.push_back({"_auth_user_backend", codec::json_string(m_backend)});
      fields.push_back({"_auth_user_hash", codec::json_string(m_hasher.hash(user.password))});
    }
    // Something for the page of one session to show.
    const auto micros = stay.created_at.time_since_epoch().count();
    if (micros % 3 == 0)
      fields.push_back({"theme", codec::json_string(micros % 2 == 0 ? "dark" : "light")});
    if (micros % 4 == 0)
      fields.push_back(
          {"cart", "[{\"sku\":\"room-12\",\"nights\":" + std::to_string(1 + micros % 5) + "}]"});
    return fields;
  }

  // The history's rows are the triggers' business; a month of it can't be made without turning back
  // their clock.
  void note_ended(const Stay& stay, const session::SessionId& id,
                  store::Connection& connection) const {
    const std::optional<std::int64_t> user =
        stay.person ? std::optional(std::stoll(m_people[*stay.person].id)) : std::nullopt;
    std::string actor;
    if (stay.ending->reason == store::Reason::revoked)
      actor = "user " + m_people[stay.ending->by_staff ? 0 : stay.person.value_or(0)].id;
    const std::array<store::Value, 8> values{
        id.text(),
        user ? store::Value(*user) : store::Value(store::Null()),
        stay.client.ip ? store::Value(*stay.client.ip) : store::Value(store::Null()),
        stay.client.user_agent,
        stay.created_at,
        stay.ending->at,
        std::string(store::to_string(stay.ending->reason)),
        actor};
    connection.execute(
        "INSERT INTO innkeeper_ended (session_key, user_id, ip, user_agent, created_at, ended_at, "
        "reason, actor) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values);
  }

  Random& m_random;
  const std::vector<user::User>& m_people;
  codec::PayloadCodec m_codec;
  user::AuthHasher m_hasher;
  std::string m_backend;
};

// The history is read newest first: its ids must rise with its times.
std::vector<const Stay*> in_order(const std::vector<Stay>& stays) {
  std::vector<const Stay*> order;
  order.reserve(stays.size());
  for (const Stay& stay : stays) order.push_back(&stay);
  std::ranges::stable_sort(
      order, {}, [](const Stay* stay) { return stay->ending ? stay->ending->at : Time(); });
  return order;
}

// In batches: what is committed in one piece cannot be stopped.
void enter_sessions(Registrar& registrar, std::span<const Stay* const> order,
                    store::Connection& connection, const std::function<bool()>& is_stopped) {
  while (!order.empty() && !is_stopped()) {
    const auto batch = order.first(std::min(order.size(), batch_size));
    store::Transaction transaction(connection);
    for (const Stay* stay : batch) registrar.enter(*stay, connection);
    transaction.commit();
    order = order.subspan(batch.size());
  }
}

void note_last_logins(House& house, const std::vector<Stay>& stays,
                      const std::vector<user::User>& people, store::Connection& connection) {
  std::map<std::size_t, Time> last_logins;
  for (const Stay& stay : stays) {
    if (stay.person)
      last_logins[*stay.person] = std::max(last_logins[*stay.person], stay.created_at);
  }
  store::Transaction transaction(connection);
  store::UserTable users(connection, house.engine().settings().users);
  for (const auto& [person, time] : last_logins) users.set_last_login(people[person].id, time);
  transaction.commit();
}

void write_location_file(const std::filesystem::path& folder) {
  std::ofstream out(folder / location_file, std::ios::binary);
  out << demo_locations();
  if (!out.flush()) throw FileError((folder / location_file).string() + ": it cannot be written");
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "innkeeper-demo-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw FileError(name + ": the folder cannot be made");
  m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(m_path, error);
}

Config demo_config(const Config& given, const std::filesystem::path& folder, Random& random) {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::vector<std::pair<std::string, std::string>> settings{
      {"DATABASE", folder / "innkeeper.sqlite3"},
      {"CACHE", folder / "cache"},
      {"CACHE_SIZE", "16M"},
      {"SECRET_KEY", random_text(random, 64, letters)},
      {"GEOIP_PATH", folder / location_file},
      {"PASSWORD_ITERATIONS", "1000"},  // nothing here is worth a second of waiting
  };
  Config config = Config::of(settings);
  config.keep(kept_setting, given);
  for (const SettingGroup& group : setting_groups()) {
    if (std::ranges::find(kept_groups, group.title) == std::end(kept_groups)) continue;
    for (const Setting& setting : group.settings) config.keep(setting.name, given);
  }
  return config;
}

bool fill_demo(House& house, const std::filesystem::path& folder, const Secret& password,
               const DemoPlan& plan, const std::function<bool()>& is_stopped) {
  write_location_file(folder);
  {
    const auto connection = house.database(true).connect(store::Access::write);
    store::migrate(*connection, user_columns(house.config()));
  }
  const std::vector<user::User> people = make_people(house, password);
  const std::vector<Stay> stays =
      make_stays(plan.seed, plan.sessions, house.clock().now(), demo_user_agents(), is_stopped);
  Registrar registrar(house, people);
  const auto connection = house.database().connect(store::Access::write);
  enter_sessions(registrar, in_order(stays), *connection, is_stopped);
  if (is_stopped()) return false;
  note_last_logins(house, stays, people, *connection);
  return true;
}

Secret demo_password(Random& random) {
  return Secret(random_text(random, 12, "abcdefghijkmnpqrstuvwxyz23456789"));
}

}  // namespace innkeeper::app
